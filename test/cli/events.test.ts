import { describe, expect, test, vi } from 'vitest';
import { EventOutput, ListOutput } from '../../src/cli/json.ts';
import type { Happening } from '../../src/model/event.ts';
import type { Sink } from '../../src/sources/source.ts';
import { fakeIo, live, NOW, play } from './harness.ts';

const happening = (key: string, change: Partial<Happening> = {}): Happening => ({
  key,
  at: NOW - 60_000,
  severity: 'warn',
  source: 'host',
  about: null,
  subject: `pod/${key}`,
  reason: 'BackOff',
  message: 'restarting',
  ...change,
});

const told =
  (...happenings: Happening[]) =>
  (sink: Sink) => {
    live('host')(sink);
    for (const each of happenings) sink.event(each);
  };
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map(line => EventOutput.parse(JSON.parse(line)));

test('an object a line, oldest first, of the last hour', async () => {
  const { stdout, code } = await play('events --json', {
    host: told(happening('b'), happening('a', { at: NOW - 120_000 }), happening('old', { at: NOW - 2 * 3_600_000 })),
  });
  expect(code).toBe(0);
  expect(lines(stdout)).toMatchObject([
    { id: 'a', name: 'pod/a', observedAt: '2026-11-23T14:01:00.000Z', severity: 'warn', health: 'warn', count: 1 },
    { id: 'b' },
  ]);
});

test('--since and --filter', async () => {
  const host = told(happening('b'), happening('a', { severity: 'bad', at: NOW - 2 * 3_600_000 }));
  expect(lines((await play('events --json --since 3h', { host })).stdout)).toHaveLength(2);
  expect(lines((await play('events --json --since 3h --filter severity=bad', { host })).stdout)).toMatchObject([
    { id: 'a' },
  ]);
});

test('they outlive the program', async () => {
  const io = fakeIo();
  await play('events --json', { host: told(happening('a')) }, { io });
  const later = fakeIo({ env: io.env as Record<string, string> });
  const { stdout } = await play('events --json', { host: live('host') }, { io: later });
  expect(lines(stdout)).toMatchObject([{ id: 'a' }]);
  const list = await play(
    'get events --json',
    { host: live('host') },
    { io: fakeIo({ env: io.env as Record<string, string> }) },
  );
  expect(ListOutput.parse(list.json)).toMatchObject({ kind: 'EventList', items: [{ id: 'a' }] });
});

test('text for people; none is told too', async () => {
  const { stdout } = await play('events', { host: told(happening('a', { count: 14 })) });
  expect(stdout).toBe('Mon 23 Nov 14:02:00 ▲ pod/a  BackOff: restarting ×14\n');
  const none = await play('events', { host: live('host') });
  expect(none).toMatchObject({ code: 0, stdout: '' });
  expect(none.stderr).toMatch(/nothing has happened/);
});

test('a source that is not live may hide something: exit 3', async () => {
  const { code, stderr } = await play('events --timeout 50ms', { host: sink => sink.event(happening('a')) });
  expect(code).toBe(3);
  expect(stderr).toMatch(/host is connecting: something may be missing/);
});

describe('--follow', () => {
  test('tells what comes, each change once, until the end', async () => {
    const io = fakeIo();
    let sink: Sink | undefined;
    const host = (given: Sink) => {
      sink = given;
      told(happening('a'))(given);
    };
    const playing = play('events --follow --json', { host }, { io });
    await vi.waitFor(() => expect(lines(io.stdout)).toHaveLength(1));
    sink?.event(happening('b'));
    await vi.waitFor(() => expect(lines(io.stdout)).toHaveLength(2));
    sink?.event(happening('b', { at: NOW }));
    sink?.event(happening('info', { severity: 'info', at: NOW + 1 }));
    await vi.waitFor(() => expect(lines(io.stdout)).toHaveLength(4));
    io.end();
    expect((await playing).code).toBe(0);
    expect(lines(io.stdout).map(({ id, count }) => `${id} ${count}`)).toEqual(['a 1', 'b 1', 'b 2', 'info 1']);
  });
});
