import { expect, it } from 'vitest';
import { changesBetween } from '../../src/actions/changes.ts';

it('tells all that differs, with named things by their names', () => {
  const before = {
    containers: [
      { name: 'a', image: 'a:1' },
      { name: 'web', image: 'web:1' },
    ],
    replicas: 2,
  };
  const after = {
    containers: [
      { name: 'web', image: 'web:2', tty: true },
      { name: 'a', image: 'a:1' },
    ],
    replicas: 2,
  };
  expect(changesBetween(before, after)).toEqual([
    { what: 'containers.web.image', from: 'web:1', to: 'web:2' },
    { what: 'containers.web.tty', from: 'nothing', to: 'true' },
  ]);
});

it('tells of a secret only that it is another', () => {
  const env = (value: string, other = 'x') => ({
    env: [
      { name: 'DB_PASSWORD', value },
      { name: 'HOST', value: other },
    ],
    Env: [`JWT_SECRET_KEY=${value}`, `HOST=${other}`],
  });
  const told = changesBetween(env('hunter2'), env('correct horse', 'y'));
  expect(JSON.stringify(told)).not.toMatch(/hunter2|correct horse/);
  expect(told).toEqual([
    { what: 'env.DB_PASSWORD.value', from: '********', to: '******** (another)' },
    { what: 'env.HOST.value', from: 'x', to: 'y' },
    { what: 'Env.JWT_SECRET_KEY', from: 'JWT_SECRET_KEY=********', to: 'JWT_SECRET_KEY=******** (another)' },
    { what: 'Env.HOST', from: 'HOST=x', to: 'HOST=y' },
  ]);
});

it('counts what is too much to be shown', () => {
  const many = Object.fromEntries(Array.from({ length: 205 }, (_, index) => [`k${index}`, index]));
  expect(changesBetween({}, many)).toHaveLength(201);
  expect(changesBetween({}, many).at(-1)).toEqual({ what: 'and more', from: '', to: '5 others' });
});
