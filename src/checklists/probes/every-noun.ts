import { gaps } from '../../fleet/gaps.ts';
import { KINDS, type Kind, type Noun } from '../../model/entity.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { together } from '../together.ts';

/** What other probes of the full check look at more closely. */
const ELSEWHERE: readonly Kind[] = ['workload', 'replica', 'node', 'directory', 'storage', 'backup'];

/** Everything else that is watched, by the product's own judgement of its health. */
export const everyNoun: Probe = {
  name: 'everything else',
  needs: [],
  look({ fleet }) {
    const kinds = KINDS.filter(kind => !ELSEWHERE.includes(kind) && gaps(fleet, kind).told > 0);
    const seen = kinds.map(kind => {
      const all: Noun[] = [...fleet.all(kind).values()];
      return {
        kind,
        all,
        unwell: all.filter(({ health }) => health === 'bad' || health === 'warn' || health === 'unknown'),
      };
    });
    return {
      findings: seen.flatMap(({ kind, unwell }) =>
        together(
          unwell.map(noun => about(noun)),
          kind,
        ),
      ),
      facts: seen.map(({ kind, all, unwell }) => `${all.length - unwell.length} of ${all.length} ${kind}s well`),
    };
  },
};
