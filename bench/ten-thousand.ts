import { type Figure, percentile } from './measurement.ts';
import { keyLatencies, shareOfCore, withPods } from './pods-screen.ts';
import { residentMegabytes } from './process.ts';

const CHANGES_PER_SECOND = 500;
const KEYS = 200;
const BEFORE_MEMORY_MS = 30_000;

/** The pods of all namespaces of a big cluster where much happens; memory is that of the program, not the demo. */
export async function tenThousand(): Promise<Figure[]> {
  return withPods({ changes: CHANGES_PER_SECOND }, async (program, { firstRow, allRows }) => {
    const share = await shareOfCore(program.pid, BEFORE_MEMORY_MS);
    const memory = residentMegabytes(program.pid);
    const latencies = await keyLatencies(program, KEYS);
    const busy = '10,000 pods, 500 changes a second';
    return [
      { name: '10,000 pods: command to the first row', value: firstRow, unit: 'ms' },
      { name: '10,000 pods: command to all rows', value: allRows, unit: 'ms' },
      { name: `${busy}: share of a core`, value: share * 100, unit: '%' },
      { name: `${busy}: memory (RSS) after 30 s`, value: memory, unit: 'MB' },
      { name: `${busy}: key to the screen, p50`, value: percentile(latencies, 0.5), unit: 'ms' },
      { name: `${busy}: key to the screen, p99`, value: percentile(latencies, 0.99), unit: 'ms' },
    ];
  });
}
