import { examineEngines } from '../../fleet/engines.ts';
import { examineSource } from '../../fleet/examine.ts';
import type { Probe } from '../checklist.ts';
import { finding } from '../finding.ts';

/** What the doctor finds: every source live, every list that it should tell told, every engine that is set up reached. */
export const examination: Probe = {
  name: 'sources',
  needs: [],
  async look({ fleet, signal }) {
    const sources = fleet.sources().filter(({ phase }) => phase !== 'unset');
    const engines = await examineEngines(fleet, signal);
    const examined = [...sources.flatMap(source => examineSource(source, fleet)), ...engines];
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
