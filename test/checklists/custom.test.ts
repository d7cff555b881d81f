import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Means } from '../../src/checklists/checklist.ts';
import { custom } from '../../src/checklists/items/custom.ts';
import { checklistOf } from '../../src/checklists/lists.ts';
import { meansOf } from '../../src/checklists/means.ts';
import { ChecklistsSchema, type ItemOptions } from '../../src/checklists/options.ts';
import { isOver, parseThreshold } from '../../src/checklists/threshold.ts';
import { parseProfile } from '../../src/profile/load.ts';
import { directory, workload } from '../helpers/nouns.ts';
import { settings, told, type World, world } from './world.ts';

type Written = Parameters<typeof ChecklistsSchema.parse>[0];

function item(...probes: unknown[]) {
  const { daily } = ChecklistsSchema.parse({ daily: { own: { title: 'Own', probes } } } as Written);
  return custom('own', daily.own as ItemOptions);
}

describe('a threshold', () => {
  it.each([
    ['> 85 %', null, '>', 85],
    ['age > 26h', 'age', '>', 26 * 3600],
    ['status != 200', 'status', '!=', 200],
    ['used>=1.5G', 'used', '>=', 1.5 * 2 ** 30],
    ['latency > 500ms', 'latency', '>', 0.5],
    ['< 5m', null, '<', 300],
    ['= -1', null, '=', -1],
  ])('%s', (text, name, operator, limit) => {
    expect(parseThreshold(text)).toMatchObject({ name, operator, limit });
  });

  it.each(['', 'age', '> x', '85 %', '> 5 parsecs', '> 1 2'])('is not "%s"', text => {
    expect(parseThreshold(text)).toBeNull();
  });

  it('is over, is not, or nobody can tell', () => {
    const limit = parseThreshold('> 3')!;
    expect([4, 3, null, Number.NaN].map(value => isOver(limit, value))).toEqual([true, false, null, null]);
  });
});

describe('a query', () => {
  const full = (made: World) => made.put(directory('a', { usedBytes: 9 * 2 ** 30 }), directory('b'), workload('web'));

  it('counts what it finds, or looks at a field of each', async () => {
    const made = world();
    full(made);
    const count = item({ query: 'directory', filter: 'used>50%', warn: '> 0', fail: '> 1' });
    expect(await made.run(count)).toMatchObject({
      verdict: 'warn',
      findings: [{ target: 'used>50%', evidence: ['a'] }],
    });
    const each = item({ query: 'directory', warn: 'used > 5 %', fail: 'used > 85 %' });
    expect(told(await made.run(each))).toEqual(['bad a', 'warn b']);
    expect(await made.run(item({ query: 'pool', filter: 'status=bad' }))).toMatchObject({
      verdict: 'pass',
      facts: '0 pools',
    });
    const few = item({ query: 'workload', filter: 'name=web', fail: '< 2' });
    expect(await made.run(few)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('1 workloads: < 2') });
  });

  it('cannot tell of a list that is not whole', async () => {
    const made = world();
    made.sinks.cephfs?.coverage('directory', { state: 'asking' });
    expect(await made.run(item({ query: 'directory', warn: '> 9' }))).toMatchObject({ verdict: 'cannot-tell' });
  });
});

describe('an SQL query', () => {
  const asked: string[] = [];
  const rows = (...answer: Record<string, unknown>[]): Partial<Means> => ({
    sql: async (database, select) => {
      asked.push(`${database}: ${select.replace(/\s+/g, ' ')}`);
      return answer;
    },
  });
  const probe = (change: Record<string, unknown> = {}) =>
    item({ sql: 'select 1', database: 'instance', rows: 2, ...change });

  it('compares the one value, or a column of each row, within bounds', async () => {
    const { run } = world();
    expect(await run(probe({ fail: '> 3' }), rows({ count: '4' }))).toMatchObject({ verdict: 'fail' });
    expect(await run(probe({ fail: '> 3' }), rows({ count: 3 }))).toMatchObject({ verdict: 'pass', facts: '3' });
    expect(await run(probe({ fail: '> 3' }), rows())).toMatchObject({ verdict: 'cannot-tell' });
    const each = probe({ warn: 'age > 1h', fail: 'age > 1d' });
    const result = await run(each, rows({ name: 'a', age: 90_000 }, { name: 'b', age: 5_000 }));
    expect(told(result)).toEqual(['bad a', 'warn b']);
    expect(told(await run(probe(), rows({ name: 'a' }, { name: 'b' }, { name: 'c' })))).toEqual([
      'bad a',
      'bad b',
      'unknown instance',
    ]);
    expect(asked[0]).toBe('instance: select * from (select 1 ) q limit 3');
  });

  it('cannot tell when it is refused', async () => {
    const sql = async () => Promise.reject(new Error('permission denied for table x'));
    expect(await world().run(probe(), { sql })).toMatchObject({
      verdict: 'cannot-tell',
      reason: expect.stringContaining('permission denied'),
    });
    const { fleet } = world();
    await expect(meansOf(fleet, settings()).sql('x', 'select 1', AbortSignal.timeout(100))).rejects.toThrow(
      'no source has',
    );
  });

  it.each(['delete from x', 'select 1; drop table x', 'select 1 --', "select set_config('a','b',false)"])(
    'is not %s',
    sql => {
      expect(() => item({ sql, database: 'instance' })).toThrow();
    },
  );
});

it('an endpoint is asked, and its status and time compared', async () => {
  const server = createServer((_, response) => response.writeHead(server.listening ? 204 : 500).end());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { run, fleet } = world();
  const { http } = meansOf(fleet, settings());
  const probe = (change = {}) => item({ http: { name: 'web', url }, ...change });
  expect(await run(probe({ fail: 'latency > 30s' }), { http })).toMatchObject({ verdict: 'pass' });
  expect(await run(probe({ warn: 'status != 200' }), { http })).toMatchObject({ verdict: 'warn' });
  await new Promise(resolve => server.close(resolve));
  expect(await run(probe(), { http })).toMatchObject({ verdict: 'fail', findings: [{ target: 'web' }] });
});

describe('a command', () => {
  const { command } = meansOf(world().fleet, settings());
  const node = (code: string, change = {}) =>
    item({ command: [process.execPath, '-e', code], timeoutSeconds: 20, ...change });

  it('ends with 0, and the first number that it prints is compared', async () => {
    const { run } = world();
    const days = 'console.log("valid for 12 days")';
    expect(await run(node(days, { warn: '< 30', fail: '< 7' }), { command })).toMatchObject({
      verdict: 'warn',
      findings: [{ reason: 'valid for 12 days: < 30' }],
    });
    expect(await run(node(days), { command })).toMatchObject({ verdict: 'pass', facts: 'valid for 12 days' });
    expect(await run(node('console.error("no"); process.exit(3)'), { command })).toMatchObject({ verdict: 'fail' });
    expect(await run(node('process.exit(3)', { warn: 'exit = 3' }), { command })).toMatchObject({ verdict: 'warn' });
    expect(await run(node('console.log("fine")', { fail: '> 3' }), { command })).toMatchObject({
      verdict: 'cannot-tell',
    });
  });

  it('cannot tell when it does not end, or is not there', async () => {
    const { run } = world();
    const slow = node('setTimeout(() => {}, 60000)', { timeoutSeconds: 1 });
    expect(await run(slow, { command })).toMatchObject({ verdict: 'cannot-tell' });
    expect(await run(item({ command: ['/no/such/program'] }), { command })).toMatchObject({ verdict: 'cannot-tell' });
  });
});

describe('a profile', () => {
  const listed = (text: string) =>
    checklistOf('daily', parseProfile(text, 'x.yaml').checklists).items.map(({ id, title }) => `${id}: ${title}`);
  const BUILT_IN = [
    'services: All services are running',
    'error-logs: Review error logs',
    'disk-space: Disk space',
    'backups: Backups completed',
  ];

  it('has those of the handbook, adds, replaces and takes away', () => {
    expect(listed('')).toEqual(BUILT_IN);
    const own = '{ title: Own, probes: [{ query: workload, fail: "> 9" }] }';
    expect(listed(`checklists: { daily: { disk-space: false, backups: ${own}, more: ${own} } }`)).toEqual([
      ...BUILT_IN.slice(0, 2),
      'backups: Own',
      'more: Own',
    ]);
  });

  it.each([
    ['checklists: { daily: { x: { title: X, probes: [{ query: workload, fail: much }] } } }', 'is no threshold'],
    ['checklists: { daily: { x: { title: X, probes: [{ query: wokload }] } } }', 'workload'],
    ['checklists: { settings: { backupOf: "statux=x" } }', 'is no filter'],
    ['checklists: { settings: { restart: 3 } }', 'did you mean restarts?'],
  ])('says what is wrong: %s', (text, message) => {
    expect(() => parseProfile(text, 'x.yaml')).toThrow(message);
  });
});
