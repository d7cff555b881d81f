import { Fleet } from '../src/fleet/fleet.ts';
import { problems } from '../src/fleet/problems.ts';
import { KeyMap } from '../src/keys/table.ts';
import type { PaneName, Rect } from '../src/screen/layout.ts';
import { Screen } from '../src/screen/screen.ts';
import { gatewayFor } from '../test/helpers/gateway-for.ts';
import { node, replica, workload } from '../test/helpers/nouns.ts';
import { paneLines } from '../views/pane-lines.ts';
import { type Figure, median } from './measurement.ts';

const PODS = 10_000;
const NODES = 100;
/** As many as come between two frames at 500 a second. */
const CHANGES = 50;
const FRAMES = 150;

/**
 * What 10,000 pods cost on the way from the fleet to the lines of all panes, without Ink, the terminal and the sources:
 * processor time of this thread, which other work on the machine hardly moves.
 */
export async function rows(): Promise<Figure[]> {
  const fleet = new Fleet({ everyMs: 0 });
  const sink = fleet.sink('prod', 'kubernetes');
  const names = Array.from({ length: PODS }, (_, n) => `odoo-tenant${String((n * 7919) % PODS).padStart(5, '0')}`);
  const nodes = Array.from({ length: NODES }, (_, n) => node(`w${n}`));
  const pod = (name: string, restarts: number) =>
    replica(`${name}-1`, name, { node: nodes[Number(name.slice(-2))]?.id ?? null, restarts });
  sink.put([...nodes, ...names.map(name => workload(name)), ...names.map(name => pod(name, 0))]);
  const screen = screenOver(fleet);
  screen.show('replica');
  draw(screen);
  for (let page = 0; page < 20; page++) screen.press('PageDown');
  const keys: number[] = [];
  const frames: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    sink.put(names.slice(frame * CHANGES, (frame + 1) * CHANGES).map(name => pod(name, frame)));
    frames.push(
      spent(() => {
        fleet.flush();
        draw(screen);
      }),
    );
    keys.push(
      spent(() => {
        screen.press(frame % 2 === 0 ? 'j' : 'k');
        draw(screen);
      }),
    );
  }
  return [
    { name: '10,000 pods: processor time from a key to lines, median', value: median(keys), unit: 'ms' },
    { name: '10,000 pods: processor time from 50 changes to lines, median', value: median(frames), unit: 'ms' },
  ];
}

function screenOver(fleet: Fleet): Screen {
  const none = () => {};
  const screen = new Screen({
    fleet,
    gateway: gatewayFor(fleet),
    keys: new KeyMap(),
    namespace: null,
    ascii: false,
    banner: null,
    triggers: [],
    on: {
      quit: none,
      drawn: none,
      suspend: () => true,
      redraw: none,
      mouse: none,
      copy: none,
      trigger: async () => null,
    },
  });
  screen.resize(200, 50);
  return screen;
}

function draw(screen: Screen): void {
  for (const [name, rect] of Object.entries(screen.layout().panes)) paneLines(screen, name as PaneName, rect as Rect);
  problems(screen.options.fleet);
}

/** Milliseconds of this thread on the processor. */
function spent(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
