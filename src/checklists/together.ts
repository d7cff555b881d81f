import type { Finding } from '../model/checklist-run.ts';
import { counted } from '../text/format.ts';

/** More than so many are told as one. */
const MOST_ALONE = 3;

/** Findings that say the same are told once, at the first of them, with the names of all. */
export function together(findings: readonly Finding[], noun = 'workload'): Finding[] {
  const alike = Map.groupBy(findings, ({ health, reason }) => `${health} ${reason}`);
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    if (others.length < MOST_ALONE) return [first, ...others];
    const names = [first, ...others]
      .map(({ target }) => target)
      .sort()
      .join(', ');
    return [
      {
        ...first,
        target: `${first.target} and ${others.length} more`,
        evidence: [`${counted(others.length + 1, noun)}: ${names}`],
      },
    ];
  });
}
