import { type Chain, type CheckedChain, checkChains, type Writer, writerName } from '../store/chain.ts';
import type { Journal } from '../store/journal.ts';
import type { TeamOptions } from '../team/options.ts';
import { counted } from '../text/format.ts';
import type { Options } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import { API_VERSION } from './items.ts';

/** A chain that was looked along, and where: in the store of this user, or in the team's. */
interface Found extends CheckedChain {
  place: 'here' | 'team';
}

/** What the team's store says; `error`: why it could not be asked. */
interface TeamsAnswer {
  on: string;
  error: string | null;
  chains: CheckedChain[];
}

/**
 * Says whether every chain is whole: this journal, those of the colleagues as they are kept here, and all in the team's
 * store, which must also be what is kept here. Ends with 2 when one is not, with 3 when the team's store cannot be asked.
 */
export async function journalCheck(
  of: Journal,
  team: TeamOptions | undefined,
  options: Options,
  io: Io,
): Promise<number> {
  const own = of.verify();
  const there = team ? await askTeam(of, team, io.signal) : null;
  const chains: Found[] = [
    ...(await kept(of)).map(chain => ({ ...chain, place: 'here' as const })),
    ...(there?.chains ?? []).map(chain => ({ ...chain, place: 'team' as const })),
  ];
  if (options.json) io.out(`${JSON.stringify(item(own, chains, there))}\n`);
  else io.out(`${lines(own, chains, there).join('\n')}\n`);
  if (own.broken || chains.some(({ broken }) => broken)) return EXIT.bad;
  return there?.error ? EXIT.notLive : EXIT.well;
}

/** Those of the colleagues. One that was made anew shows where the same deed stands in another as well. */
async function kept({ chains }: Journal): Promise<CheckedChain[]> {
  const ours = chains.named();
  const other = new Map(chains.contradictions().map(({ writer, record }) => [writer.id, record]));
  const checked = (await checkChains(chains)).filter(({ writer }) => writer.id !== ours?.id);
  return checked.map(chain => {
    const record = other.get(chain.writer.id);
    if (record === undefined || chain.broken) return chain;
    return { ...chain, broken: { record, why: 'another journal tells the same deed differently' } };
  });
}

async function askTeam({ chains }: Journal, options: TeamOptions, signal: AbortSignal): Promise<TeamsAnswer> {
  const { openTeamStore, placeOf } = await import('../team/postgres.ts');
  const { whyNot } = await import('../sources/postgres/refusal.ts');
  const on = placeOf(options);
  try {
    const store = await openTeamStore(options, signal);
    try {
      return { on, error: null, chains: await checkChains(store, chains) };
    } finally {
      store.close();
    }
  } catch (error) {
    return { on, error: whyNot(error), chains: [] };
  }
}

function item({ records, broken }: Chain, chains: readonly Found[], team: TeamsAnswer | null) {
  return {
    apiVersion: API_VERSION,
    kind: 'JournalCheck',
    records,
    broken,
    chains: chains.map(({ writer, place, records, broken }) => ({ ...nameOf(writer), place, records, broken })),
    team: team && { on: team.on, error: team.error },
  };
}

const nameOf = (writer: Writer) => ({ writer: writerName(writer), writerId: writer.id });

function lines(own: Chain, chains: readonly Found[], team: TeamsAnswer | null): string[] {
  const whole = (place: Found['place']) => chains.filter(chain => chain.place === place && !chain.broken).length;
  const broken = chains.flatMap(({ writer, place, broken }) =>
    broken ? [`record ${broken.record} of ${writerName(writer)}, ${WHERE[place]}: ${broken.why}`] : [],
  );
  return [
    own.broken
      ? `record ${own.broken.record} of the journal: ${own.broken.why}`
      : `${own.records} records, each follows on the one before it`,
    ...(whole('here') > 0 ? [`so it is in ${counted(whole('here'), 'journal')} of colleagues, as kept here`] : []),
    ...(team?.error === null ? [`so it is in ${counted(whole('team'), 'journal')} in the team store ${team.on}`] : []),
    ...broken,
    ...(team?.error ? [`the team store ${team.on} could not be asked: ${team.error}`] : []),
  ];
}

const WHERE = { here: 'kept here', team: 'in the team store' };
