import type { Fleet } from '../fleet/fleet.ts';
import type { Severity } from '../model/event.ts';
import type { TeamState } from '../model/team.ts';
import { sentence } from '../model/trouble.ts';
import type { Team } from '../team/team.ts';

/** Tells the feed when the team's store is away and when it is back. */
export function tellOfTeam(team: Team, fleet: Fleet): void {
  let told: string | null = null;
  const tell = (severity: Severity, message: string) =>
    fleet.sink(OURSELVES, 'host').event({
      key: `${OURSELVES}/team/${severity}`,
      at: fleet.now(),
      severity,
      source: OURSELVES,
      about: null,
      subject: 'team store',
      reason: severity === 'info' ? 'reached' : 'not shared',
      message,
    });
  team.subscribe(() => {
    const word = wrongWith(team.state);
    if (word !== told && word !== null) tell(team.state.phase === 'live' ? 'bad' : 'warn', word);
    if (word === null && told !== null) tell('info', `${team.state.on}: all journals are shared`);
    told = word;
  });
}

const OURSELVES = 'quarterdeck';

function wrongWith({ trouble, forks }: TeamState): string | null {
  return trouble ? sentence(trouble) : (forks[0] ?? null);
}
