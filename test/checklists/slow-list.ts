import type { Checklist, Item } from '../../src/checklists/checklist.ts';
import { finding } from '../../src/checklists/finding.ts';

const item = (id: string, look: Item['probes'][number]['look']): Item => ({
  id,
  title: `Item ${id}`,
  probes: [{ name: id, needs: [], look }],
  look: { kind: 'workload', filter: '' },
  fixes: [],
});

/** One item that warns, and one whose probe takes until it is told to end. */
export const SLOW: Checklist = {
  name: 'daily',
  title: 'Daily checklist',
  items: [
    item('quick', () => ({
      findings: [finding('web', 'warn', 'is slow')],
      facts: ['1 looked at'],
      figures: { seen: 7 },
    })),
    item(
      'slow',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ),
  ],
};
