import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { LogAction } from '../../src/keys/table.ts';
import { BOUNDS } from '../../src/logs/log-buffer.ts';
import { LogView } from '../../src/screen/log-view.ts';
import type { LogPart, LogQuery } from '../../src/sources/logs.ts';
import type { Source } from '../../src/sources/source.ts';
import { logLines } from '../../views/log-lines.ts';
import { replica } from '../helpers/nouns.ts';

/** What a source was asked for, and the way to let lines come. */
interface Stream {
  name: string;
  query: LogQuery;
  take(part: LogPart): void;
  signal: AbortSignal;
  end(): void;
}

let fleet: Fleet;
let streams: Stream[];
let copied: string[];
let changes: number;
let view: LogView;

beforeEach(() => {
  vi.useFakeTimers();
  [streams, copied, changes] = [[], [], 0];
  fleet = new Fleet({ now: () => Date.parse('2026-11-29T14:02:00Z') });
  const source: Source = {
    name: 'prod',
    kind: 'kubernetes',
    requests: 0,
    start(sink) {
      sink.put(['web-1', 'web-2'].map(name => replica(name, 'web')));
    },
    stop: async () => {},
    logs: ({ name }, query, take, signal) =>
      new Promise(end => void streams.push({ name, query, take, signal, end: () => end() })),
  };
  fleet.watch(source);
  fleet.flush();
});
afterEach(() => {
  view.close();
  vi.useRealTimers();
});

function open(names: readonly string[] = ['web-1'], previous = false): LogView {
  const nouns = names.flatMap(name => fleet.named('replica', name));
  view = new LogView({
    fleet,
    nouns,
    previous,
    changed: () => void changes++,
    copy: text => void copied.push(text),
  });
  return view;
}

const T0 = Date.parse('2026-11-29T14:00:00Z');
let second = 0;
/** Lets lines come and be shown. */
function write(texts: readonly string[], stream = streams.at(-1)): void {
  for (const text of texts) {
    stream?.take({ type: 'line', at: T0 + 1000 * second++, container: null, error: false, text });
  }
  vi.advanceTimersByTime(100);
}

const shown = (width = 60, height = 10) =>
  logLines(view, { width, height, ascii: false, bare: true }).map(line => stripVTControlCharacters(line).trimEnd());
const titleOf = () =>
  stripVTControlCharacters(logLines(view, { width: 120, height: 5, ascii: false, bare: false })[0]!);
const run = (...actions: LogAction[]) => actions.forEach(action => void view.run(action));
const type = (text: string, end = 'Enter') => {
  for (const letter of text) view.type(letter === ' ' ? 'Space' : letter);
  view.type(end);
};

describe('how far back a log is read', () => {
  it('is 500 lines, until something else is said', () => {
    open();
    write(['one']);
    expect(streams[0]?.query).toEqual({ follow: true, tail: 500, sinceSeconds: null, previous: false });
    expect(titleOf()).toContain('web-1: log, last 500 lines ');
  });

  it.each([
    ['10m', { tail: null, sinceSeconds: 600 }, /log, since \d\d:52:00 /],
    ['2h', { tail: null, sinceSeconds: 7_200 }, /log, since \d\d:02:00 /],
    ['1000 lines', { tail: 1_000, sinceSeconds: null }, /log, last 1000 lines /],
    ['20', { tail: 20, sinceSeconds: null }, /log, last 20 lines /],
    ['all', { tail: null, sinceSeconds: null }, /log, all /],
  ])('%s is read anew, and what was kept goes', (text, reach, title) => {
    open();
    write(['one']);
    run('log-filter');
    type('o');
    run('log-back');
    type(text);
    expect(streams).toHaveLength(2);
    expect(streams[0]?.signal.aborted).toBe(true);
    expect(streams[1]?.query).toMatchObject({ ...reach, follow: true });
    expect(titleOf()).toMatch(title);
    write(['two', 'three']);
    // The filter is still there, and lines that come late from before are not.
    write(['no more'], streams[0]);
    expect(shown()).toEqual(['two']);
    expect(view.following).toBe(true);
  });

  it.each(['soon', '0s', '-5', '1000 words'])('%j is not understood, and nothing is read anew', text => {
    open();
    run('log-back');
    type(text);
    expect(view.message).toMatch(/^not understood: 10m, 2h/);
    expect(streams).toHaveLength(1);
    run('log-back');
    type('5m', 'Esc');
    expect(streams).toHaveLength(1);
  });
});

describe('a log', () => {
  it('of several has their names, in the order of time', () => {
    open(['web-1', 'web-2']);
    const [one, two] = streams;
    const at = (stream: Stream | undefined, seconds: number, text: string) =>
      stream?.take({ type: 'line', at: T0 + seconds * 1000, container: null, error: false, text });
    at(two, 2, 'second');
    at(one, 3, 'third');
    at(one, 1, 'first');
    vi.advanceTimersByTime(100);
    // web-2 may still have older ones.
    expect(shown()).toEqual(['web-1 first', 'web-2 second']);
    vi.advanceTimersByTime(300);
    expect(shown()).toEqual(['web-1 first', 'web-2 second', 'web-1 third']);
    run('log-stamps');
    expect(shown()[0]).toMatch(/^\d\d:00:01 web-1 first$/);
  });

  it('finds what stands in JSON as it is shown, and as it was written', () => {
    open();
    write(['boot', '{"level":"error","msg":"disk full","path":"/mnt"}', 'fine']);
    for (const wanted of ['ERROR disk full', 'path=/mnt', '"msg":"disk']) {
      run('log-filter');
      view.type('Ctrl+u');
      type(wanted);
      expect(titleOf()).toContain('1 of 3 lines');
      expect(shown()).toEqual(['ERROR disk full path=/mnt']);
    }
    run('log-filter');
    view.type('Ctrl+u');
    type('!path=|boot');
    expect(shown()).toEqual(['fine']);
  });

  it('takes an expression that would search for ever as it stands, also when a line comes that makes it so', () => {
    open();
    write(['fine', `${'a'.repeat(60)}b`, '(a+)+$ stands here']);
    run('log-search');
    type('(a+)+$');
    expect(view.message).toBe('the expression takes too long: looked for as it stands');
    expect(shown(60, 1)).toEqual(['(a+)+$ stands here']);
    run('log-filter');
    type('(b+)+$');
    expect(view.message).toBe(null);
    write([`${'b'.repeat(60)}c`, '(b+)+$ as well']);
    expect(titleOf()).toContain('of 5 lines');
  });

  it('before the last start is read to its end', () => {
    open(['web-1'], true);
    write(['the end']);
    expect(streams[0]?.query).toMatchObject({ follow: false, previous: true });
    expect(titleOf()).toContain('previous log');
    expect(titleOf()).toContain('ended');
  });

  it('filters by a regular expression or its inverse, over all that is kept', () => {
    open();
    write(Array.from({ length: 400 }, (_, index) => `GET /health ${index}`));
    write(['POST /login 401']);
    write(Array.from({ length: 400 }, (_, index) => `GET /health ${index}`));
    run('log-filter');
    type('post|put');
    expect(shown()).toEqual(['POST /login 401']);
    run('log-filter');
    view.type('Ctrl+u');
    type('!health');
    expect(shown()).toEqual(['POST /login 401']);
    expect(titleOf()).toContain('1 of 801 lines');
    run('log-filter');
    view.type('Ctrl+u');
    type('(');
    expect(view.message).toBe('no regular expression: looked for as it stands');
  });

  it('looks for what matches in both directions, and for errors', () => {
    open();
    write(['boot', 'ERROR one', ...Array(30).fill('fine'), '{"level":"error","msg":"two"}', ...Array(30).fill('fine')]);
    run('log-error-before');
    expect(shown(60, 1)).toEqual(['ERROR two']);
    run('log-error-before');
    expect(shown(60, 1)).toEqual(['ERROR one']);
    run('log-error');
    expect(shown(60, 1)).toEqual(['ERROR two']);
    run('log-fold');
    expect(shown(60, 1)).toEqual(['{"level":"error","msg":"two"}']);
    run('log-error');
    expect(view.message).toMatch(/no error after this one/);
    run('log-search');
    type('boot');
    expect(shown(60, 1)).toEqual(['boot']);
    run('log-next');
    expect(view.message).toBe('"boot" is not after this');
  });

  it('stays where one reads, whatever comes behind it or goes before it', () => {
    open();
    write(Array.from({ length: BOUNDS.lines }, (_, index) => `line ${index}`));
    view.move(-10);
    const before = shown(60, 3);
    expect(before.at(-1)).toBe(`line ${BOUNDS.lines - 11}`);
    expect(titleOf()).toContain('paused, 10 below');
    write(Array.from({ length: 5_000 }, (_, index) => `later ${index}`));
    expect(shown(60, 3)).toEqual(before);
    expect(titleOf()).toMatch(/5010 below/);
    expect(view.buffer.dropped).toBeGreaterThan(0);
    view.move(Number.NEGATIVE_INFINITY);
    expect(shown(100, 4)[0]).toBe(
      `-- ${view.buffer.dropped} older lines dropped, at most 100000 lines or 24000000 characters are kept --`,
    );
    view.move(Number.POSITIVE_INFINITY);
    expect(shown(60, 1)).toEqual(['later 4999']);
  });

  it('wraps long lines', () => {
    open();
    write(['x'.repeat(25)]);
    expect(shown(20)).toHaveLength(1);
    run('log-wrap');
    expect(shown(20).join('')).toBe('x'.repeat(25));
  });

  it('is saved as it was written, all that is kept, for the user alone', () => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    vi.stubEnv('HOME', home);
    second = 0;
    open();
    streams[0]?.take({ type: 'mark', at: T0, text: 'lines may be missing', gap: true });
    write(['{"msg":"one"}', 'two']);
    run('log-save');
    const path = /3 lines saved in (\S+)/.exec(view.message ?? '')?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toBe(
      [
        '2026-11-29T14:00:00.000Z web-1: -- lines may be missing',
        '2026-11-29T14:00:00.000Z web-1: {"msg":"one"}',
        '2026-11-29T14:00:01.000Z web-1: two',
        '',
      ].join('\n'),
    );
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });

  it('gives what is in sight to the clipboard', () => {
    open();
    write(['one', 'two', 'three']);
    shown(60, 2);
    run('log-copy');
    expect(copied).toEqual(['two\nthree']);
  });
});

it('takes a burst of 10,000 lines a second: bounded, drawn ten times a second, every line kept or counted', () => {
  open(['web-1', 'web-2']);
  const seconds = 15;
  const before = changes;
  for (let tick = 0; tick < seconds * 10; tick++) {
    write(Array(500).fill('x'.repeat(120)), streams[0]);
    for (let count = 0; count < 500; count++) {
      const at = T0 + 1000 * second++;
      streams[1]?.take({ type: 'line', at, container: null, error: false, text: 'y'.repeat(120) });
    }
  }
  vi.advanceTimersByTime(200);
  const { kept, dropped } = view.buffer;
  expect(kept + dropped).toBe(10_000 * seconds);
  expect(kept).toBeLessThanOrEqual(BOUNDS.lines);
  expect(dropped).toBeGreaterThan(0);
  expect(titleOf()).toContain(`${dropped} older dropped`);
  expect(changes - before).toBeLessThanOrEqual(seconds * 10 + 2);
});

it('of a burst of 40,000 lines shows the last after one drawing, and draws no more than is in sight', () => {
  open();
  write(['before']);
  const [before, taken] = [changes, vi.spyOn(view.buffer, 'slice')];
  write(Array.from({ length: 40_000 }, (_, index) => `line ${index}`));
  expect(changes - before).toBe(1);
  expect(shown(60, 3)).toEqual(['line 39997', 'line 39998', 'line 39999']);
  expect(taken.mock.results.flatMap(({ value }) => value)).toHaveLength(3);
});

describe('how far a log is behind', () => {
  /** A line a hundredth of a second, written so long ago by a clock that is 5 s slow; `now` is the fleet's. */
  const comeLate = (seconds: number) => {
    const newest = fleet.now() - 5_000 - seconds * 1000;
    for (let index = 0; index < 100; index++) {
      const at = newest - (99 - index) * 10;
      streams[0]?.take({ type: 'line', at, container: null, error: false, text: `line ${index}` });
    }
    vi.advanceTimersByTime(100);
  };

  it('is told in time and in lines, whatever its clock says, until it has caught up', () => {
    let now = Date.parse('2026-11-29T14:02:00Z');
    vi.spyOn(fleet, 'now').mockImplementation(() => now);
    open();
    now += 60_000;
    comeLate(0);
    expect(titleOf()).not.toContain('behind');
    now += 60_000;
    comeLate(30);
    expect(titleOf()).toMatch(/ 30s behind, some 30\d\d lines · following/);
    comeLate(1);
    expect(titleOf()).not.toContain('behind');
  });
});
