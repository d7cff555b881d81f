import { teamWords } from '../../text/team-words.ts';
import type { Probe } from '../checklist.ts';
import { finding } from '../finding.ts';

/** The store that a team shares, where there is one: reached, and its journals those that are known here. */
export const teamStore: Probe = {
  name: 'team store',
  needs: [],
  look({ team }) {
    const state = team();
    if (state === null) return { findings: [], facts: [] };
    const { on, phase, forks, trouble, sql } = state;
    const target = `team store ${on}`;
    const away =
      phase === 'live' ? [] : [finding(target, 'unknown', trouble?.why ?? teamWords(state) ?? phase, [...sql])];
    return {
      findings: [...forks.map(words => finding(target, 'bad', words)), ...away],
      facts: [`team store ${phase}`],
    };
  },
};
