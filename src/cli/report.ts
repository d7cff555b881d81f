import { setTimeout as sleep } from 'node:timers/promises';
import { closeCutOff } from '../actions/cut-off.ts';
import { parseFilter } from '../filter/filter.ts';
import { examineEngines } from '../fleet/engines.ts';
import { fieldContext } from '../fleet/field-context.ts';
import { sourceKindsOf } from '../fleet/gaps.ts';
import type { Kind } from '../model/entity.ts';
import { KINDS } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { TeamState } from '../model/team.ts';
import { sentence, type Trouble } from '../model/trouble.ts';
import { configFolder } from '../profile/folders.ts';
import type { SourceOptions } from '../profile/schema.ts';
import type { Source } from '../sources/source.ts';
import type { Journal } from '../store/journal.ts';
import { act, type Order, orderNamed } from './act.ts';
import { actorOf } from './actor.ts';
import type { Arguments, Options } from './arguments.ts';
import { checklist, checklistHistory, checklistNamed } from './checklist.ts';
import { consoleOf } from './console.ts';
import { doctorJson, doctorText } from './doctor.ts';
import { follow } from './follow.ts';
import { getJson, getText } from './get.ts';
import { EXIT, type Io } from './io.ts';
import { journal } from './journal.ts';
import { journalCheck } from './journal-check.ts';
import { type Listing, listingOf } from './kinds.ts';
import { logs } from './logs.ts';
import type { Platform } from './platform.ts';
import type { Unnamed } from './run.ts';
import { checkSelection, orderOf, type Selection } from './select.ts';
import { openSession, type Session } from './session.ts';
import { settle } from './settle.ts';
import { statusJson, statusText } from './status.ts';
import { styleOf } from './style.ts';

interface Means {
  version: string;
  create?(name: string, options: SourceOptions): Promise<Source>;
  log?(line: string): void;
  /** Leaves a child behind that follows what is under way to its end. */
  followOn?(options: Options): void;
}

/**
 * status, get, events and doctor: watches the platform until it has settled, and tells. The arguments are checked
 * before anything is asked. Throws a UsageError.
 */
export async function report(
  args: Arguments,
  platform: Platform | (() => Promise<Unnamed>),
  io: Io,
  means: Means,
): Promise<number> {
  const { command, options, operands } = args;
  const order = command === 'act' ? orderNamed(operands, options) : null;
  const listing = order ? listingFor(order) : listed(args);
  if (command !== 'logs') checkSelection(options);
  const { platform: watched, passed } = typeof platform === 'function' ? await platform() : { platform, passed: [] };
  if (!watched) return nothing(args, passed, io, means.version);

  const list = command === 'checklist' ? checklistNamed(operands[0] ?? '', watched) : null;
  if (command === 'checklist' && !list) {
    const around = { platform: watched, options, style: styleOf(options, io), io };
    return withJournal(watched, options, io, of => checklistHistory(of, around));
  }
  if (command === 'journal' && !options.check)
    return withJournal(watched, options, io, (of, team) =>
      options.verify
        ? journalCheck(of, watched.profile.team, options, io)
        : journal(of, team, options, styleOf(options, io), io),
    );
  const troubles: Trouble[] = [];
  const kinds = attended(listing);
  const session = openSession(listing ? narrowed(watched, listing) : watched, {
    now: io.now,
    tell: trouble => troubles.push(trouble),
    log: means.log,
    attend: kinds,
    create: means.create,
    shares: SHARING.includes(command),
    sample: list !== null,
    console: consoleOf(io, options),
    ...actorOf(options, io.env),
  });
  const { gateway } = session;
  let cut = false;
  io.signal.addEventListener('abort', () => {
    cut = gateway.end();
  });
  try {
    await session.begin();
    if (command === 'events') return await follow(session, watched, kinds, options, io);
    await settle(session.fleet, kinds, options.timeoutSeconds * 1000, io.signal);
    if (command !== 'act') await session.team?.settled(inTime(options, io));
    if (options.check) await followToEnd(session, options.timeoutSeconds * 1000, io.signal);
    if (io.signal.aborted) return INTERRUPTED;
    const { fleet } = session;
    const style = styleOf(options, io);
    const about = { platform: watched.name, demo: watched.demo };
    if (command === 'doctor') {
      const profile = { name: watched.name, origin: watched.origin, folder: configFolder(io.env) };
      const input = {
        fleet,
        engines: await examineEngines(fleet, io.signal),
        team: session.gateway.team,
        profile,
        demo: watched.demo,
        version: means.version,
        passed,
        troubles,
      };
      return print(
        options,
        io,
        () => doctorJson(input, io),
        () => doctorText(input, io, style),
      );
    }
    for (const trouble of troubles) io.err(`quarterdeck: ${sentence(trouble)}\n`);
    if (command === 'journal') return journal(gateway.journal, gateway.team, options, style, io);
    if (list) {
      const { actor } = actorOf(options, io.env);
      return await checklist(session, list, { platform: watched, actor, options, style, io });
    }
    if (command === 'logs') return await logs(session, operands, options, io);
    if (order) return await act(session, order, options, watched.demo, io);
    if (!listing)
      return print(
        options,
        io,
        () => statusJson(fleet, about),
        () => statusText(fleet, about, style),
      );
    const selection = selectionOf(options, watched);
    const events = listing.kinds.includes('event') ? pastEvents(session, selection, options, io) : [];
    if (watched.demo && !options.json) io.err('quarterdeck: demo: the embedded platform, nothing here is real\n');
    return print(
      options,
      io,
      () => getJson(fleet, listing, selection, about, events),
      () => getText(fleet, listing, selection, style, events),
    );
  } finally {
    if (cut && !watched.demo) {
      means.followOn?.(options);
      io.err('quarterdeck: what is under way is followed in the background: quarterdeck journal tells how it ended\n');
    }
    await gateway.ended();
    await session.close();
  }
}

/** What has to be known before an order can be judged. */
function listingFor({ verb: { name, kinds, beside = [] } }: Order): Listing {
  return { name, aliases: [], list: '', kinds: [...kinds, ...beside] };
}

function listed({ command, operands }: Arguments): Listing | null {
  if (command === 'logs') return listingOf('pods');
  return command === 'get' ? listingOf(operands[0] ?? '') : null;
}

/** Aborts when the time is over, and at Ctrl-C. */
const inTime = ({ timeoutSeconds }: Options, { signal }: Io): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);

/** What reads or writes the journal, and what says how it stands with the team's store. */
const SHARING: readonly (string | null)[] = ['act', 'checklist', 'doctor', 'journal'];

/** The journal alone, with the colleagues': no source is asked for it. */
async function withJournal(
  platform: Platform,
  options: Options,
  io: Io,
  tell: (journal: Journal, team: TeamState | null) => number | Promise<number>,
): Promise<number> {
  const { openJournal } = await import('../store/journal.ts');
  const { team: shared } = platform.profile;
  const of = openJournal(platform.storePath);
  const team = shared ? (await import('../team/share.ts')).share(of, shared, { now: io.now }) : null;
  try {
    await team?.settled(inTime(options, io));
    return await tell(of, team?.state ?? null);
  } finally {
    await team?.close();
    of.close();
    await platform.close();
  }
}

/** Until it is known of each deed how it ended; a program that is about to end may still have some. */
async function followToEnd({ gateway, fleet }: Session, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  while (!end.aborted && gateway.journal.open().length > 0) {
    await closeCutOff(gateway.journal, fleet, end);
    await sleep(500, undefined, { signal: end }).catch(() => {});
  }
}

/** As a shell tells an end by Ctrl-C. */
const INTERRUPTED = 130;

function print(
  { json }: Options,
  io: Io,
  asJson: () => { output: object; code: number },
  asText: () => { text: string; code: number },
): number {
  if (json) {
    const { output, code } = asJson();
    io.out(`${JSON.stringify(output, null, 2)}\n`);
    return code;
  }
  const { text, code } = asText();
  io.out(text);
  return code;
}

/** A list asks only the sources that tell of it. */
function narrowed(platform: Platform, { kinds }: Listing): Platform {
  const needed = new Set(kinds.flatMap(sourceKindsOf));
  return {
    ...platform,
    kinds: Object.fromEntries(Object.entries(platform.kinds).filter(([, kind]) => needed.has(kind))),
    sources: platform.sources.then(sources =>
      Object.fromEntries(Object.entries(sources).filter(([, { kind }]) => needed.has(kind))),
    ),
  };
}

/** A list needs its own kind, and what its health and its columns come from. */
function attended(listing: Listing | null): ReadonlySet<Kind> {
  if (!listing) return new Set(KINDS);
  return new Set<Kind>(['node', 'workload', 'replica', ...listing.kinds.filter(kind => kind !== 'event')]);
}

function selectionOf({ filter, sort, namespace, allNamespaces }: Options, { profile }: Platform): Selection {
  const usual = allNamespaces ? null : (profile.namespace ?? null);
  return { filter, sort, namespace: namespace ?? usual, withSwarm: namespace === null };
}

/** What is known of the past, as far as it is kept. */
function pastEvents(
  { fleet, past }: Session,
  { filter, sort }: Selection,
  { sinceSeconds }: Options,
  io: Io,
): FeedEvent[] {
  const context = fieldContext(fleet);
  const wanted = parseFilter(filter, context);
  const since = sinceSeconds === null ? 0 : io.now() - sinceSeconds * 1000;
  const events = past({ since, filter: wanted.test });
  return sort === null ? events : events.sort(orderOf(sort, context));
}

/** No source at all: that is an answer of its own, and never the embedded platform's. */
function nothing({ command, options }: Arguments, passed: readonly string[], io: Io, version: string): number {
  const why = [
    'nothing was found to be watched: no kubeconfig, no Docker engine of a swarm, no PGHOST, no CephFS mount',
    ...passed,
  ];
  if (command === 'doctor') {
    const profile = { name: null, origin: why.join('; '), folder: configFolder(io.env) };
    const input = { fleet: null, engines: [], team: null, profile, demo: false, version, passed, troubles: [] };
    return print(
      options,
      io,
      () => doctorJson(input, io),
      () => doctorText(input, io, styleOf(options, io)),
    );
  }
  io.err(`quarterdeck: ${why.join('; ')}\n`);
  io.err(
    'quarterdeck: set KUBECONFIG or DOCKER_HOST, or write a profile: quarterdeck config init; --demo opens the embedded platform\n',
  );
  return EXIT.notLive;
}
