import type { Journal } from '../store/journal.ts';
import type { TeamOptions } from './options.ts';
import { openTeamStore, placeOf } from './postgres.ts';
import { Team, type TeamSetup } from './team.ts';

/** Shares this journal with the team's store from now on. */
export function share(
  { chains }: Journal,
  options: TeamOptions,
  { now = Date.now, log = () => {} }: { now?: () => number; log?: TeamSetup['log'] } = {},
): Team {
  return new Team({
    local: chains,
    on: placeOf(options),
    open: signal => openTeamStore(options, signal),
    now,
    log,
  });
}
