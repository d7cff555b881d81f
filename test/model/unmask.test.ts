import { expect, it } from 'vitest';
import { MASK, maskSecrets } from '../../src/model/secrets.ts';
import { MaskTouched, unmask } from '../../src/model/unmask.ts';

const OBJECT = {
  kind: 'Deployment',
  spec: {
    replicas: 3,
    env: [
      { name: 'DB_PASSWORD', value: 'one' },
      { name: 'API_TOKEN', value: 'two' },
      { name: 'MODE', value: 'fast' },
    ],
    args: ['--password', 'three', '--token', 'four', '--verbose'],
    Env: ['A_PASSWORD=five', 'B_PASSWORD=six', 'PLAIN=seven'],
    url: 'postgres://me:eight@host/db',
  },
};

type Edit = (spec: typeof OBJECT.spec) => void;
const edited = (change: Edit) => {
  const text = maskSecrets(OBJECT) as typeof OBJECT;
  change(text.spec);
  return unmask(text, OBJECT);
};
const wanted = (change: Edit) => {
  const object = structuredClone(OBJECT);
  change(object.spec);
  return object;
};

it.each<[string, Edit]>([
  ['nothing', () => {}],
  ['something beside secrets', spec => void Object.assign(spec, { replicas: 5 })],
  ['the order of what has names', spec => void spec.env.reverse()],
  ['the order of what names itself', spec => void spec.Env.reverse()],
  ['an item that goes', spec => void spec.env.shift()],
  ['an item that comes first', spec => void spec.env.unshift({ name: 'NEW', value: 'x' })],
  ['a new secret in the place of one', spec => void Object.assign(spec.env[0] ?? {}, { value: 'new' })],
  ['what stands after the secrets of a list', spec => void spec.args.splice(4, 1, '--quiet')],
])('keeps secrets where their masks were left alone: %s', (_, change) => {
  expect(maskSecrets(OBJECT)).not.toEqual(OBJECT);
  expect(edited(change)).toEqual(wanted(change));
});

it.each<[string, Edit]>([
  ['a mask with something added', spec => void Object.assign(spec.env[0] ?? {}, { value: `${MASK}x` })],
  ['a mask under a new name', spec => void spec.env.push({ name: 'OTHER_TOKEN', value: MASK })],
  ['masks that changed places', spec => void spec.args.splice(0, 4, '--token', MASK, '--password', MASK)],
  ['an address with another user', spec => void Object.assign(spec, { url: `postgres://you:${MASK}@host/db` })],
])('refuses %s', (_, change) => {
  expect(() => edited(change)).toThrow(MaskTouched);
});
