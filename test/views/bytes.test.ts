import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { Stage } from '../../src/stage/stage.ts';
import { screenPicture } from '../../views/screen-picture.ts';
import { node, pool, replica, workload } from '../helpers/nouns.ts';
import { screenOver } from '../helpers/screen-over.ts';
import { emulate } from '../stage/emulator.ts';
import { FakeOut } from '../stage/fake-out.ts';
import { leastBytes } from '../stage/least-bytes.ts';

const COLUMNS = 200;
const ROWS = 50;
const MOST = 1.5;

/** Timers that run when they are told to. */
function turnedByHand() {
  const due = new Set<() => void>();
  const set = (run: () => void) => {
    due.add(run);
    return run;
  };
  const clear = (run: unknown) => void due.delete(run as () => void);
  const turn = () => {
    for (const run of due) {
      due.delete(run);
      run();
    }
  };
  return { turn, timers: { setTimeout: set, clearTimeout: clear, setImmediate: set, clearImmediate: clear } };
}

/** The whole screen over 2,000 pods, with a terminal that shows what is sent. */
async function opened() {
  const fleet = new Fleet({ now: () => Date.UTC(2026, 10, 23, 14, 3), everyMs: 0 });
  fleet.expect('prod', 'kubernetes');
  const sink = fleet.sink('prod', 'kubernetes');
  sink.state({ phase: 'live', proof: true });
  const names = Array.from({ length: 2_000 }, (_, n) => `tenant${String((n * 7919) % 2_000).padStart(4, '0')}`);
  sink.put([...Array.from({ length: 30 }, (_, n) => node(`w${n}`)), ...names.map(name => workload(name))]);
  sink.put([...names.map(name => replica(`${name}-1`, name)), pool('pool-1'), pool('pool-2')]);
  fleet.flush();
  const screen = screenOver(fleet);
  screen.resize(COLUMNS, ROWS);
  screen.show('replica');
  const out = new FakeOut(COLUMNS, ROWS);
  const { turn, timers } = turnedByHand();
  const stage = new Stage({ out, colors: 'full', clock: () => 0, timers });
  const emulator = emulate(COLUMNS, ROWS);
  stage.open();
  const around = { title: 'prod', clock: 'off', slow: false } as const;
  const draw = async () => {
    stage.show(() => screenPicture(screen, around));
    turn();
    const sent = out.taken().join('');
    await emulator.write(sent);
    return sent;
  };
  await draw();
  return { screen, sink, fleet, names, emulator, draw };
}

it('sends for a changed screen at most one and a half times the minimal diff, and never the whole screen', async () => {
  const { screen, sink, fleet, names, emulator, draw } = await opened();
  let bytes = 0;
  let least = 0;
  let before = emulator.cells();
  const see = async (what: string) => {
    const sent = await draw();
    const after = emulator.cells();
    const few = leastBytes(before, after);
    expect(sent, what).not.toContain('\x1b[2J');
    // A frame of a few bytes has to say where it stands, and begin and end.
    expect(Buffer.byteLength(sent), what).toBeLessThanOrEqual(few === 0 ? 0 : MOST * few + 40);
    bytes += Buffer.byteLength(sent);
    least += few;
    before = after;
  };
  for (let round = 0; round < 2; round++) {
    for (let change = 0; change < 10; change++) {
      const at = (round * 10 + change) * 3;
      const changed = names
        .slice(at, at + 5)
        .map(name => replica(`${name}-1`, name, { restarts: change, ready: false }));
      sink.put([...changed, node(`w${change}`, { cpuUsedMillicores: 100 * at })]);
      sink.put([pool('pool-1', { connections: at })]);
      fleet.flush();
      await see(`change ${at}`);
    }
    for (const key of [
      'j',
      'j',
      'k',
      'PageDown',
      'PageDown',
      'G',
      '/',
      't',
      'e',
      '1',
      'Esc',
      'd',
      'Esc',
      '1',
      'z',
      'z',
      '2',
      'g',
      'g',
    ]) {
      screen.press(key);
      await see(key);
    }
  }
  expect(bytes).toBeGreaterThan(3_000);
  expect(bytes / least).toBeLessThanOrEqual(MOST);
});

it('sends nothing where nothing changed that is seen', async () => {
  const { sink, fleet, draw } = await opened();
  sink.put([replica('tenant1999-1', 'tenant1999', { restarts: 0 })]);
  fleet.flush();
  expect(await draw()).toBe('');
});
