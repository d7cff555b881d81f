import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsSeveral, landmarksOf, type Path, reveal } from '../../src/model/reveal.ts';
import { MASK, maskSecrets } from '../../src/model/secrets.ts';

const masked = (object: unknown, ...path: Path) => ({ path, landmarks: landmarksOf(maskSecrets(object), path) });

const pod = (env: object[], container = 'web') => ({
  metadata: { name: 'web-1', uid: 'u-1', resourceVersion: '7' },
  spec: { containers: [{ name: container, env, args: ['--password', 'hunter2', '--verbose'] }] },
});
const ENV = [
  { name: 'DB_PASSWORD', value: 'hunter2' },
  { name: 'API_TOKEN', value: 'sesame' },
];
const VALUE: Path = ['spec', 'containers', 0, 'env', 0, 'value'];

describe('a masked value', () => {
  it('is told as it is now, and no other', () => {
    const object = pod(ENV);
    expect(reveal(object, masked(object, ...VALUE))).toEqual({ text: 'hunter2', note: null });
    const args: Path = ['spec', 'containers', 0, 'args', 1];
    expect(reveal(object, masked(object, ...args)).text).toBe('hunter2');
    const later = { ...pod([{ name: 'DB_PASSWORD', value: 'changed' }, ...ENV.slice(1)]), status: { phase: 'Failed' } };
    expect(reveal(later, masked(object, ...VALUE)).text).toBe('changed');
  });

  it.each([
    ['another variable in its place', pod([...ENV].reverse())],
    ['another container in its place', pod(ENV, 'sidecar')],
    ['another object under its name', { ...pod(ENV), metadata: { name: 'web-1', uid: 'u-2' } }],
    ['no variable at all', pod([])],
    ['no object at all', null],
  ])('is not told where there is %s', (_, now) => {
    expect(() => reveal(now, masked(pod(ENV), ...VALUE))).toThrow('it has changed since it was read');
  });

  it('of a list of plain values is only told when the list is the same', () => {
    const service = (Env: string[]) => ({ ID: 's', Spec: { Env } });
    const first = service(['A=1', 'DB_PASSWORD=hunter2']);
    const at = masked(first, 'Spec', 'Env', 1);
    expect(reveal(first, at).text).toBe('DB_PASSWORD=hunter2');
    expect(() => reveal(service(['A=1', 'API_TOKEN=x']), at)).toThrow('changed');
    expect(() => reveal(service(['B=1', 'DB_PASSWORD=hunter2']), at)).toThrow('changed');
  });

  it('of a Kubernetes Secret is decoded, and one that is no text is not made one', () => {
    const secret = { kind: 'Secret', data: { a: Buffer.from('grüße').toString('base64'), b: '/wD/', c: 'x' } };
    expect(reveal(secret, masked(secret, 'data', 'a'))).toEqual({ text: 'grüße', note: 'decoded from base64' });
    expect(reveal(secret, masked(secret, 'data', 'b'))).toEqual({
      text: '/wD/',
      note: 'base64 of 3 bytes that are no text',
    });
  });

  it('never stands in what it is known by', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{12,40}$/), value => {
        const object = pod([{ name: 'DB_PASSWORD', value }]);
        expect(JSON.stringify(masked(object, ...VALUE))).not.toContain(value);
        expect(reveal(object, masked(object, ...VALUE)).text).toBe(value);
      }),
    );
  });
});

describe('a text that holds several', () => {
  it('is JSON with more than one mask in it', () => {
    expect(holdsSeveral(JSON.stringify({ a: MASK, b: MASK }))).toBe(true);
    expect(holdsSeveral(JSON.stringify({ a: MASK }))).toBe(false);
    expect(holdsSeveral(`--a=${MASK} --b=${MASK}`)).toBe(false);
  });
});
