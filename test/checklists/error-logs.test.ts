import { describe, expect, it } from 'vitest';
import { errorLogs } from '../../src/checklists/items/error-logs.ts';
import { shapeOf } from '../../src/checklists/message-shape.ts';
import { Random } from '../../src/demo/random.ts';
import { replica, workload } from '../helpers/nouns.ts';
import { line, NOW, settings, told, type World, world } from './world.ts';

function platform(...names: string[]): World {
  const made = world(['prod']);
  made.put(...names.flatMap(name => [workload(name), replica(`${name}-1`, name)]));
  return made;
}

const addressOf = (random: Random) => Array.from({ length: 4 }, () => random.integer(0, 255)).join('.');
const timeOf = (random: Random) => new Date(random.integer(0, NOW)).toISOString();
const numberOf = (random: Random) => random.integer(0, 10 ** random.integer(1, 9));

/** What programs write, with the shape that it has to have; null: it is no error. */
const TEMPLATES: { shape: string | null; write(random: Random): string }[] = [
  { shape: null, write: random => `INFO served ${numberOf(random)} requests to ${addressOf(random)}` },
  {
    shape: 'ERROR order <n> was refused after <n> s',
    write: random => `ERROR order ${numberOf(random)} was refused after ${numberOf(random)}.${random.integer(0, 9)} s`,
  },
  { shape: 'ERROR job <id> was lost', write: random => `ERROR job ${random.uuid()} was lost` },
  { shape: 'ERROR job <id> is late', write: random => `ERROR job 7f${random.hex(random.integer(6, 40))} is late` },
  {
    shape: 'ERROR no way from <address> to <address>',
    write: random => `ERROR no way from ${addressOf(random)} to ${addressOf(random)}:${random.integer(1, 65_535)}`,
  },
  { shape: '[<time>] ERROR out of patience', write: random => `[${timeOf(random)}] ERROR out of patience` },
  {
    shape: 'FATAL: database "…" does not exist',
    write: random => `FATAL: database "odoo_${random.suffix(random.integer(1, 12))}" does not exist`,
  },
  { shape: 'panic: bad pointer <id>', write: random => `panic: bad pointer 0x${random.hex(random.integer(1, 16))}` },
];

describe('the shape of a message', () => {
  it.each([
    ['ERROR 12 of 30.5 failed', 'ERROR <n> of <n> failed'],
    ['FATAL: database "odoo_acme" does not exist', 'FATAL: database "…" does not exist'],
    ["can't open 'a b'", "can't open '…'"],
    ['2026-11-23T14:03:00.123Z error', '<time> error'],
    ['[2026-11-23 14:03:00,123: ERROR] x', '[<time>: ERROR] x'],
    ['error at 10.0.0.7:5432 and fe80::1:2:3', 'error at <address> and <address>'],
    ['error in 3f9a12c4-1111-4222-8333-abcdefabcdef', 'error in <id>'],
    ['error in 3f9a12c4d', 'error in <id>'],
    ['error after 12345678 of 1234567890.5 bytes', 'error after <n> of <n> bytes'],
    ['error: deadbeef and faded', 'error: deadbeef and faded'],
    ['{"level":"error","msg":"took 12 ms"}', 'ERROR took <n> ms'],
  ])('%s', (text, shape) => {
    expect(shapeOf(text)).toBe(shape);
  });
});

describe('review error logs', () => {
  it('passes without errors', async () => {
    const { run, logs } = platform('web');
    logs.set('web-1', [line('INFO all is well'), line('ERROR yesterday', 25 * 60)]);
    expect(await run(errorLogs)).toMatchObject({ verdict: 'pass', reason: 'no errors in 24 h' });
  });

  it('tells each new shape once, with its count and samples, and knows it the next time', async () => {
    const { run, logs } = platform('web', 'api');
    logs.set(
      'web-1',
      [1, 2, 3].map(n => line(`ERROR order ${n} was refused`)),
    );
    logs.set('api-1', [line('ERROR order 9 was refused'), line('FATAL out of ideas')]);
    const first = await run(errorLogs);
    expect(first).toMatchObject({ verdict: 'fail' });
    expect(told(first)).toEqual(['bad api', 'warn web']);
    expect(first.findings[1]).toMatchObject({
      about: 'prod/saasodoo/deployment/web',
      reason: expect.stringContaining('ERROR order <n> was refused (4× in 2 workloads since'),
      evidence: ['ERROR order 1 was refused', 'ERROR order 2 was refused', 'ERROR order 3 was refused'],
    });
    const past = [{ at: 0, figures: first.figures }];
    expect(await run(errorLogs, { past })).toMatchObject({
      verdict: 'pass',
      facts: '5 errors in 24 h of 3 shapes, 0 new',
    });
    logs.get('api-1')?.push(line('ERROR something else'));
    expect(told(await run(errorLogs, { past }))).toEqual(['warn api']);
    logs.set(
      'web-1',
      Array.from({ length: 60 }, (_, n) => line(`ERROR order ${n} was refused`)),
    );
    expect(told(await run(errorLogs, { past }))).toContain('warn web');
  });

  it('leaves out what is to be ignored, and the head of a stack trace', async () => {
    const { run, logs } = platform('web');
    logs.set('web-1', [line('Traceback (most recent call last):'), line('ERROR probe refused')]);
    expect(await run(errorLogs, { settings: settings({ logIgnore: ['probe'] }) })).toMatchObject({ verdict: 'pass' });
  });

  it('says what was not read, and cannot tell of a log that could not be', async () => {
    const { run, logs } = platform('web', 'api');
    logs.set(
      'web-1',
      Array.from({ length: 50 }, () => line('fine')),
    );
    logs.set('api-1', [{ type: 'mark', at: NOW, text: 'ended: the container has gone', gap: false }]);
    const few = { settings: settings({ logLines: 20 }) };
    expect(await run(errorLogs, few)).toMatchObject({
      verdict: 'pass',
      facts: 'no errors in 24 h · 1 of 2 logs: the last 20 lines only',
    });
    logs.set('api-1', [{ type: 'mark', at: NOW, text: 'cut off: forbidden', gap: true }]);
    const result = await run(errorLogs, few);
    expect(result).toMatchObject({
      verdict: 'cannot-tell',
      reason: expect.stringContaining('log not read: cut off: forbidden'),
    });
  });

  it('keeps no secret and nothing that drives a terminal, within bounds', async () => {
    const { run, logs } = platform('web');
    logs.set(
      'web-1',
      Array.from({ length: 500 }, (_, n) => line(`ERROR ${'x'.repeat(n)} password=hunter2 \u001b[31m`)),
    );
    const text = JSON.stringify(await run(errorLogs));
    expect(text).not.toMatch(/hunter2|\\u001b/);
    expect(text.length).toBeLessThan(150_000);
  });

  it.each([1, 2, 3, 4, 5, 6])('counts shapes and new ones as they were written at random (seed %i)', async seed => {
    const random = new Random(seed);
    const names = ['web', 'api', 'worker', 'mail', 'billing'];
    const { run, logs } = platform(...names);
    const write = (often: (index: number, name: string) => number) => {
      for (const name of names) {
        const lines = TEMPLATES.flatMap(({ write }, index) =>
          Array.from({ length: often(index, name) }, () => line(write(random), random.integer(1, 1_400))),
        );
        logs.set(`${name}-1`, lines);
      }
    };
    const drawn = () => new Map(names.map(name => [name, TEMPLATES.map(() => Math.max(0, random.integer(-4, 4)))]));
    const yesterday = drawn();
    write((index, name) => yesterday.get(name)?.[index] ?? 0);
    const { figures } = await run(errorLogs);
    const today = drawn();
    // One that is known comes far more often.
    const [loud, times] = [random.pick(names), random.integer(50, 90)];
    today.get(loud)?.splice(1, 1, times);
    write((index, name) => today.get(name)?.[index] ?? 0);

    const expected: string[] = [];
    const all = { errors: 0, shapes: 0, news: 0 };
    TEMPLATES.forEach(({ shape }, index) => {
      if (shape === null) return;
      const cells = names.map(name => ({ now: today.get(name)![index]!, before: yesterday.get(name)![index]! }));
      const written = cells.filter(({ now }) => now > 0);
      // Ten times as often, and fifty times at least: no other count than the loud one's gets there.
      const news = written.filter(({ now, before }) => before === 0 || (now >= 50 && now >= 10 * before));
      all.errors += written.reduce((sum, { now }) => sum + now, 0);
      all.shapes += written.length;
      all.news += news.length;
      const count = news.reduce((sum, { now }) => sum + now, 0);
      const where = news.length > 1 ? ` in ${news.length} workloads` : '';
      if (count > 0) expected.push(`${/^(FATAL|panic)/.test(shape) ? 'bad' : 'warn'} new: ${shape} (${count}×${where}`);
    });
    const result = await run(errorLogs, { past: [{ at: 0, figures }] });
    const found = result.findings.map(({ health, reason }) => `${health} ${reason.replace(/ since \d\d:\d\d\)$/, '')}`);
    expect(found.sort()).toEqual(expected.sort());
    expect(result.facts).toBe(`${all.errors} errors in 24 h of ${all.shapes} shapes, ${all.news} new`);
  });
});
