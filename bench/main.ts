import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { allLive } from './all-live.ts';
import { eightHours } from './eight-hours.ts';
import { firstPaint } from './first-paint.ts';
import { getJson } from './get-json.ts';
import { idleBytes } from './idle-bytes.ts';
import { logs } from './logs.ts';
import { manyPods } from './many-pods.ts';
import type { Figure } from './measurement.ts';
import { nodeLoss } from './node-loss.ts';
import { oneNumber } from './one-number.ts';
import { quietCrowd } from './quiet-crowd.ts';
import { requests } from './requests.ts';
import { rows } from './rows.ts';
import { samples } from './samples.ts';
import { removeHomes, SEED } from './screen.ts';
import { slowLink } from './slow-link.ts';
import { steadyChanges } from './steady-changes.ts';
import { swarm } from './swarm.ts';
import { tenThousand } from './ten-thousand.ts';
import { visibleChange } from './visible-change.ts';

// `npm run bench [-- NAME …]`: a table on stderr while it goes on, the whole as JSON on stdout at the end.

const MEASUREMENTS: Record<string, () => Promise<Figure[]>> = {
  'one-number': oneNumber,
  rows,
  samples,
  'first-paint': firstPaint,
  'all-live': allLive,
  'node-loss': nodeLoss,
  'ten-thousand': tenThousand,
  'many-pods': manyPods,
  'get-json': getJson,
  'quiet-crowd': quietCrowd,
  'steady-changes': steadyChanges,
  'visible-change': visibleChange,
  'slow-link': slowLink,
  'eight-hours': eightHours,
  'idle-bytes': idleBytes,
  logs,
  swarm,
  requests,
};

const asked = process.argv.slice(2);
const unknown = asked.find(name => !Object.hasOwn(MEASUREMENTS, name));
if (unknown !== undefined) {
  console.error(`bench: there is no ${unknown}; there are ${Object.keys(MEASUREMENTS).join(', ')}`);
  process.exit(64);
}

const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  system: `${platform()} ${release()}`,
  node: process.version,
  /** Over the last minute, when the measuring began: other work on the machine. */
  loadBefore: loadavg()[0],
};
console.error(
  `seed ${SEED} · ${machine.processor}, ${machine.cores} cores · Node ${machine.node} · load ${machine.loadBefore}`,
);

const figures: (Figure & { measurement: string })[] = [];
const failures: { measurement: string; failure: string }[] = [];
for (const [measurement, measure] of Object.entries(MEASUREMENTS)) {
  if (asked.length > 0 && !asked.includes(measurement)) continue;
  try {
    for (const figure of await measure()) {
      figures.push({ measurement, ...figure });
      console.error(`${figure.name.padEnd(72)} ${format(figure).padStart(12)}`);
    }
  } catch (error) {
    const failure = (error as Error).message;
    failures.push({ measurement, failure });
    console.error(`${measurement} could not be measured: ${failure}`);
  }
}
removeHomes();
console.log(JSON.stringify({ seed: SEED, machine, figures, failures }, null, 2));
process.exit(failures.length > 0 ? 1 : 0);

function format({ value, unit }: Figure): string {
  return `${value.toFixed(value < 10 && unit !== 'bytes' ? 1 : 0)} ${unit}`;
}
