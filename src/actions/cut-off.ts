import { hostname } from 'node:os';
import type { Fleet } from '../fleet/fleet.ts';
import type { Deed, Doer, Ending, Intent, Outcome } from '../model/deed.ts';
import type { Node } from '../model/entity.ts';
import type { Client } from '../sources/client.ts';
import type { Journal } from '../store/journal.ts';
import { NotDone, why } from './attempt.ts';
import { converge } from './converge.ts';
import { evidenceOf } from './evidence.ts';
import { weigh } from './prove.ts';
import { watchOf } from './standing.ts';

export interface Means {
  journal: Journal;
  fleet: Fleet;
  signal: AbortSignal;
}

const DAY_MS = 24 * 3_600_000;
/** A command that was begun may go on for so long after the program that began it. */
const COMMAND_MS = 2 * 60_000;
/** How often it is asked after what its own program has given up. */
const LATER_MS = 5_000;

/** Deeds whose program went away before it could say how they ended, and those that it gave up as unknown today. */
export function unseen(journal: Journal, now: number): Deed[] {
  return [
    ...journal.open().filter(({ intent }) => isGone(intent.process)),
    ...journal.unknown(now - DAY_MS).filter(({ intent }) => intent.proofs.length > 0),
  ];
}

/** The program ran here, and runs no more. */
export function isGone({ host, pid }: Doer): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * Looks in the system what became of a deed that nobody watches any more, follows it until the system is there, and
 * tells the journal. Resolves with null when that cannot be known now. Rejects with a TroubleError when the journal
 * cannot be written.
 */
export async function followUp(deed: Deed, { journal, fleet, signal }: Means): Promise<Deed | null> {
  const { intent } = deed;
  const client = await clientFor(intent, fleet, signal).catch(() => null);
  const found = client && (await look(deed, client, fleet, signal));
  if (!found) return null;
  const ending: Ending = { id: intent.id, at: fleet.now(), ...found, checked: true };
  journal.end(ending);
  return { intent, ending };
}

/** Follows all that is cut off now, until it is known or `signal` aborts. Returns what is known now. */
export async function closeCutOff(journal: Journal, fleet: Fleet, signal: AbortSignal): Promise<Deed[]> {
  const open = journal.open().filter(({ intent }) => isGone(intent.process));
  const found = await Promise.all(open.map(deed => followUp(deed, { journal, fleet, signal })));
  return found.filter(deed => deed !== null);
}

async function clientFor({ target, onEngine }: Intent, fleet: Fleet, signal: AbortSignal): Promise<Client | null> {
  const source = fleet.source(target.source);
  if (!fleet.sources().some(({ name, phase }) => name === target.source && phase === 'live')) return null;
  const node = onEngine ? fleet.get('node', target.id) : null;
  if (onEngine) return node ? ((await source?.engine?.(node as Node, signal)) ?? null) : null;
  return source?.client?.() ?? null;
}

type Found = { outcome: Outcome; words: string };

async function look(
  { intent, ending }: Deed,
  client: Client,
  fleet: Fleet,
  signal: AbortSignal,
): Promise<Found | null> {
  const { target, proofs, at: since, byCommand } = intent;
  const old = fleet.now() - since;
  const head = ending ? 'looked at later' : 'cut off; looked at later';
  if (proofs.length === 0)
    return { outcome: 'unknown', words: 'cut off, and nothing in the system tells whether it was done' };
  const { held, missing, unasked } = await weigh(proofs, client, signal);
  if (missing > 0) {
    // Once it was taken, others may have changed it since; and who carries it out may not have come to it yet.
    if (ending || (byCommand && old < COMMAND_MS)) return null;
    const words = held === 0 ? 'the system does not have it' : `${held} of ${proofs.length} parts of it took effect`;
    return { outcome: 'failed', words: `${head}: ${words}` };
  }
  if (unasked > 0) {
    return !ending && old > DAY_MS
      ? { outcome: 'unknown', words: 'cut off, and the system cannot tell any more' }
      : null;
  }
  try {
    const words = await converge(watchOf(proofs, client, fleet), {
      usual: [],
      evidence: () => evidenceOf(target, fleet),
      tell: () => {},
      now: fleet.now,
      since,
      signal,
      ...(ending && { everyMs: LATER_MS, limitMs: DAY_MS - old }),
    });
    return { outcome: 'done', words: `${head}: ${words}` };
  } catch (error) {
    if (!(error instanceof NotDone) || signal.aborted) return null;
    if (error.outcome === 'unknown' && ending) return null;
    return { outcome: error.outcome, words: `${head}: the system has it; ${why(error)}` };
  }
}

/** Beside the moments when a source comes or goes. */
const EVERY_MS = 30_000;

/**
 * Looks after deeds that nobody watches any more, each as soon as its source is live, and tells what became of them.
 * Returns the way to stop.
 */
export function watchUnseen(
  journal: Journal,
  fleet: Fleet,
  tell: (deed: Deed) => void,
  fail: (error: unknown) => void,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const followed = new Set<string>();
  let version = -1;
  const follow = async (deed: Deed) => {
    followed.add(deed.intent.id);
    const found = await followUp(deed, { journal, fleet, signal });
    if (found) tell(found);
    // What a look could not tell is looked at again.
    if (!found || found.ending?.outcome === 'unknown') followed.delete(deed.intent.id);
  };
  const stop = (error?: unknown) => {
    if (signal.aborted) return;
    unsubscribe();
    clearInterval(timer);
    stopping.abort();
    if (error !== undefined) fail(error);
  };
  const look = () => {
    try {
      for (const deed of unseen(journal, fleet.now())) if (!followed.has(deed.intent.id)) follow(deed).catch(stop);
    } catch (error) {
      stop(error);
    }
  };
  const unsubscribe = fleet.subscribe(() => {
    if (version === fleet.version('sources')) return;
    version = fleet.version('sources');
    look();
  });
  const timer = setInterval(look, EVERY_MS).unref();
  return () => stop();
}
