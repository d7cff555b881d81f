import { describe, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { textWidth } from '../../src/stage/width.ts';
import { directory, node, pool, replica, workload } from '../helpers/nouns.ts';
import { type OpenOptions, open as openFleet } from './open.tsx';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
  [300, 80],
] as const;

function platform() {
  const fleet = new Fleet({ now: () => Date.UTC(2026, 10, 23, 14, 3), everyMs: 0 });
  const source = (name: string, kind: 'kubernetes' | 'postgres' | 'cephfs') => {
    let sink = fleet.sink(name, kind);
    fleet.watch({
      name,
      kind,
      requests: 0,
      start: given => {
        sink = given;
      },
      stop: async () => {},
    });
    return sink;
  };
  const kubernetes = source('prod', 'kubernetes');
  const postgres = source('postgres', 'postgres');
  const cephfs = source('cephfs', 'cephfs');
  kubernetes.state({ phase: 'live', proof: true, target: 'prod · v1.35.4 · as ops' });
  kubernetes.put([
    node('cp-1'),
    node('worker-1'),
    node('worker-3', { ready: false, state: 'not ready', stateReason: 'kubelet stopped' }),
  ]);
  kubernetes.put([workload('web', { ready: 0 }), workload('idle', { wanted: 0, ready: 0 }), workload('api')]);
  kubernetes.put([
    replica('web-6d9f7c-x7k2p', 'web', {
      state: 'CrashLoopBackOff',
      ready: false,
      message: 'exit 1',
      node: 'prod/node/cp-1',
    }),
  ]);
  kubernetes.event({
    key: 'e',
    at: fleet.now(),
    severity: 'bad',
    source: 'prod',
    about: null,
    subject: 'pod/web-6d9f7c-x7k2p',
    reason: 'BackOff',
    message: 'back-off restarting failed container',
    count: 14,
  });
  postgres.state({ phase: 'live', proof: true });
  postgres.put([pool('pool-3', { connections: 93 })]);
  cephfs.put([directory('data_globex', { usedBytes: 98, quotaBytes: 100 })]);
  fleet.flush();
  return { fleet, kubernetes };
}

function open(
  columns: number,
  rows: number,
  { fleet = platform().fleet, ...options }: OpenOptions & { fleet?: Fleet } = {},
) {
  return openFleet(fleet, columns, rows, options);
}

describe.each(SIZES)('at %i×%i', (columns, rows) => {
  it('fills the screen exactly and says what is wrong', () => {
    const { text } = open(columns, rows);
    const lines = text();
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    const screen = lines.join('\n');
    for (const word of [
      'saasodoo',
      '3 bad',
      'Nodes',
      'Services',
      'Pools',
      'CephFS',
      'Events',
      'CrashLoopBackOff: exit 1',
      'worker-3',
    ]) {
      expect(screen).toContain(word);
    }
  });

  it('shows every overlay within the screen', () => {
    const { screen, draw, text } = open(columns, rows);
    for (const key of ['?', 'Esc', 'd', 'Esc', 'i', 'Esc', ':', 'Esc', '/', 'Esc', 'z', 'z']) {
      screen.press(key);
      draw();
      expect(text().length).toBeLessThanOrEqual(rows);
      for (const line of text()) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});

describe.each([
  [20, 5],
  [59, 5],
  [40, 10],
  [500, 200],
])('at %i×%i', (columns, rows) => {
  it('shows what is wrong, and rows', () => {
    const { text } = open(columns, rows);
    const lines = text();
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines[0]).toContain('3 bad');
    expect(lines.slice(1).join('\n')).toMatch(/✖.*web/);
  });

  it('shows every overlay within the screen', () => {
    const { screen, draw, text } = open(columns, rows);
    for (const key of ['?', 'Esc', 'd', 'Esc', 'i', 'Esc', ':', 'Esc', '/', 'Esc', 'z', 'z']) {
      screen.press(key);
      draw();
      expect(text().length).toBeLessThanOrEqual(rows);
      for (const line of text()) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});

describe('the embedded platform', () => {
  const banner = 'demo: nothing real is touched';

  it('is told by a banner, and while a text is open too', () => {
    const { screen, draw, text } = open(80, 24, { banner });
    expect(text()[1]).toContain(banner);
    screen.press('?');
    draw();
    expect(text()[1]).toContain(banner);
    expect(text().join('\n')).toContain('Find out what is wrong');
  });

  it('is told in the header where a banner has no room', () => {
    const { screen, draw, text } = open(20, 5, { banner });
    expect(text()[0]).toContain('demo ✖ 3 bad');
    screen.press('d');
    draw();
    expect(text()[0]).toContain('demo');
    expect(text()[1]).toContain('web: details');
  });
});

describe('overall', () => {
  /** Two sources of which one is live and one has never answered, and a clock to turn. */
  function half() {
    let at = Date.UTC(2026, 10, 23, 14, 3);
    const fleet = new Fleet({ now: () => at, everyMs: 0 });
    fleet.expect('prod', 'kubernetes');
    fleet.expect('pools', 'postgres');
    fleet.sink('prod', 'kubernetes').state({ phase: 'live', proof: true });
    fleet.flush();
    return {
      fleet,
      pass: (ms: number) => {
        at += ms;
      },
    };
  }

  it('says "so far" while a source is connecting, and not for long', () => {
    const { fleet, pass } = half();
    const { draw, text, frame } = open(120, 40, { fleet });
    expect(text()[0]).toContain('nothing known is wrong so far');
    expect(frame()).not.toContain('\x1b[32m● nothing');
    pass(10_001);
    draw();
    expect(text()[0]).toContain('pools: not known now');
    expect(text()[0]).not.toContain('nothing known is wrong');
  });

  it('says that nothing is wrong when every source has answered', () => {
    const { fleet } = half();
    fleet.sink('pools', 'postgres').state({ phase: 'live', proof: true });
    fleet.flush();
    expect(open(120, 40, { fleet }).text()[0]).toMatch(/● nothing known is wrong {2}/);
  });
});

it.each([
  [80, 24],
  [120, 40],
  [200, 50],
])('tells the action under the cursor whole, at %i×%i', (columns, rows) => {
  const { screen, draw, text } = open(columns, rows);
  screen.press('a');
  const all = screen.paletteMatches();
  expect(all.length).toBeGreaterThan(10);
  for (const { name, help } of all) {
    draw();
    const lines = text().filter(line => line.startsWith('┃'));
    const first = lines.findIndex(line => line.startsWith(`┃ ${name} `));
    const told = lines.slice(first).map(line => line.slice(2).split('┃', 1)[0]?.slice(24).trim());
    expect(told.join(' ')).toContain(help);
    screen.press('Down');
  }
});

it('clicks the row that it shows, with a frame or without', () => {
  for (const [columns, rows] of [
    [20, 5],
    [80, 24],
  ] as const) {
    const { screen, text } = open(columns, rows);
    const row = text().findIndex(line => line.includes('web'));
    screen.press('j');
    screen.click(3, row);
    expect(screen.selected()).toMatchObject({ name: 'web' });
  }
});

it.each(SIZES)('names the key of the help in the footer of a list, a text and a log, at %i×%i', (columns, rows) => {
  const { screen, draw, text } = open(columns, rows);
  for (const key of ['1', '2', 'd', 'Esc', 'l']) {
    screen.press(key);
    draw();
    expect(text().at(-1)).toContain('? help');
  }
});

it('names the keys in the footer that are of use for what is under the cursor', () => {
  const { screen, draw, text } = open(120, 40);
  const footer = () => {
    draw();
    return text().at(-1)!;
  };
  expect(footer()).toMatch(/↵ open .* l logs .* s scale .* r restart/);
  expect(footer()).not.toContain('n node');
  screen.press('1');
  expect(footer()).toMatch(/↵ open .* n node/);
  expect(footer()).not.toMatch(/s scale|r restart|l logs|x shell/);
  screen.press('?');
  expect(footer()).not.toMatch(/open|why|details|a actions/);
  expect(footer()).toMatch(/Esc back .* \/ find/);
});

it('says whose a row is where two sources have one of that name', () => {
  const { fleet, kubernetes } = platform();
  const swarm = fleet.sink('swarm', 'swarm');
  kubernetes.put([node('vps-1')]);
  swarm.put([node('vps-1', { id: 'swarm/node/vps-1', source: 'swarm', system: 'swarm' })]);
  swarm.put([workload('web', { id: 'swarm/service/web', source: 'swarm', system: 'swarm', namespace: null })]);
  swarm.put([workload('only', { id: 'swarm/service/only', source: 'swarm', system: 'swarm' })]);
  fleet.flush();
  const { screen, draw, text } = open(120, 40, { fleet });
  const all = text().join('\n');
  for (const row of [/vps-1 prod /, /vps-1 swarm /, /web prod /, /web swarm /, /only {3}/]) expect(all).toMatch(row);
  expect(all).not.toMatch(/api prod/);
  screen.resize(30, 12);
  draw();
  expect(text().join('\n')).toMatch(/web prod/);
});

it('puts the reason under the row that is not well', () => {
  const lines = open(120, 40).text();
  const row = lines.findIndex(line => line.includes('web ') && line.includes('0/1'));
  expect(lines[row + 1]).toContain('CrashLoopBackOff: exit 1');
});

it('says which emptiness an empty pane is', () => {
  const fleet = new Fleet();
  const unset = open(120, 40, { fleet }).text().join('\n');
  expect(unset).toContain('not set up: no source of cephfs');
});

it('dims what is stale and says how old it is', () => {
  const { fleet, kubernetes } = platform();
  kubernetes.state({ phase: 'stale', trouble: { what: 'ask', on: 'prod', why: 'no answer for 7 s', fix: null } });
  fleet.flush();
  expect(open(120, 40, { fleet }).text().join('\n')).toMatch(/◐ prod stale 0s/);
});

it('uses ASCII only when asked to, in the panes and in all that lies over them', () => {
  const { screen, draw, text } = open(120, 40, { ascii: true });
  for (const key of [
    '1',
    '2',
    '?',
    'G',
    'Esc',
    'i',
    'Esc',
    'd',
    'Esc',
    'l',
    'Esc',
    'J',
    'Esc',
    'a',
    'Down',
    'Esc',
    ':',
  ]) {
    screen.press(key);
    draw();
    expect(
      text()
        .join('\n')
        .match(/[^\x00-\x7e]/g),
      key,
    ).toBeNull();
  }
});
