import type { TeamState } from '../model/team.ts';
import { dateTime } from './format.ts';

/** What is to be known before what colleagues did is believed; null: all of it is here. */
export function teamWords({ on, phase, since, asOf, trouble }: TeamState): string | null {
  if (phase === 'live') return null;
  const state =
    phase === 'connecting'
      ? 'connecting'
      : `${phase === 'refused' ? 'refused' : 'not reached'} since ${dateTime(since)}`;
  const known = asOf === null ? 'it was never reached from here' : `what colleagues did is as of ${dateTime(asOf)}`;
  return `team store ${on}: ${state}${trouble ? ` (${trouble.why})` : ''}; ${known}`;
}
