import { examineSource } from '../../fleet/examine.ts';
import type { Probe } from '../checklist.ts';
import { finding } from '../finding.ts';

/** What the doctor finds: every source live, and every list that it should tell told. */
export const examination: Probe = {
  name: 'sources',
  needs: [],
  look({ fleet }) {
    const sources = fleet.sources().filter(({ phase }) => phase !== 'unset');
    const examined = sources.flatMap(source => examineSource(source, fleet));
    const live = sources.filter(({ phase }) => phase === 'live').length;
    return {
      findings: examined
        .filter(({ severity }) => severity !== 'ok')
        // What cannot be seen may be well or not.
        .map(({ what, why, fix }) => finding(what, 'unknown', why ?? 'not live', fix ? fix.split('\n') : [])),
      facts: [`${live} of ${sources.length} sources live`],
    };
  },
};
