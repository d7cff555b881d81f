import { Fleet } from '../src/fleet/fleet.ts';
import type { Seen } from '../src/model/entity.ts';
import type { Screen } from '../src/screen/screen.ts';
import type { Sink } from '../src/sources/source.ts';
import { Stage } from '../src/stage/stage.ts';
import { node, replica, workload } from '../test/helpers/nouns.ts';
import { screenOver } from '../test/helpers/screen-over.ts';
import { FakeOut } from '../test/stage/fake-out.ts';
import { screenPicture } from '../views/screen-picture.ts';

const [COLUMNS, ROWS] = [200, 50];
const PODS_ON_A_NODE = 100;

/** A fleet of many pods in the pane that has the keys, and a stage that writes to memory; no source, Ink or terminal. */
export interface Crowd {
  fleet: Fleet;
  sink: Sink;
  screen: Screen;
  stage: Stage;
  out: FakeOut;
  names: string[];
  pod(name: string, restarts: number): Seen<'replica'>;
  /** Shows the screen as it is now. */
  show(): void;
}

/** `now`: the time on the wall; `everyMs`: the least time between two notifications of the fleet. */
export function crowd(pods: number, { now, everyMs }: { now?: () => number; everyMs?: number } = {}): Crowd {
  const fleet = new Fleet({ ...(now && { now }), ...(everyMs !== undefined && { everyMs }) });
  const sink = fleet.sink('prod', 'kubernetes');
  const nodes = Array.from({ length: Math.ceil(pods / PODS_ON_A_NODE) }, (_, n) => node(`w${n}`));
  // A prime that divides no such count: the order in which they come is not theirs.
  const names = Array.from({ length: pods }, (_, n) => `odoo-tenant${String((n * 7919) % pods).padStart(5, '0')}`);
  const pod = (name: string, restarts: number) =>
    replica(`${name}-1`, name, { node: nodes[Number(name.slice(-5)) % nodes.length]?.id ?? null, restarts });
  sink.put([...nodes, ...names.map(name => workload(name)), ...names.map(name => pod(name, 0))]);
  fleet.flush();
  const screen = screenOver(fleet);
  screen.resize(COLUMNS, ROWS);
  screen.show('replica');
  const out = new FakeOut(COLUMNS, ROWS);
  const stage = new Stage({ out, colors: 'full' });
  stage.open();
  const show = () => stage.show(() => screenPicture(screen, { title: 'bench', clock: 'off', slow: false }));
  return { fleet, sink, screen, stage, out, names, pod, show };
}
