import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Console } from '../actions/console.ts';
import { watchUnseen } from '../actions/cut-off.ts';
import type { CutShort } from '../actions/cut-short.ts';
import { Gateway } from '../actions/gateway.ts';
import { Book } from '../checklists/book.ts';
import type { Knowledge } from '../checklists/means.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { Deed } from '../model/deed.ts';
import type { Kind } from '../model/entity.ts';
import type { FeedEvent, Happening } from '../model/event.ts';
import type { Samples } from '../model/series.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import { createSource } from '../profile/create-source.ts';
import { stateFolder } from '../profile/folders.ts';
import type { SourceOptions } from '../profile/schema.ts';
import type { Source } from '../sources/source.ts';
import { why } from '../sources/why.ts';
import { closedJournal } from '../store/closed-journal.ts';
import type { Journal } from '../store/journal.ts';
import type { EventQuery, Store } from '../store/store.ts';
import type { Team } from '../team/team.ts';
import { clockTime } from '../text/format.ts';
import { Trends } from '../trends/trends.ts';
import type { Actor } from './actor.ts';
import type { Platform } from './platform.ts';
import { tellOfTeam } from './team.ts';
import { writtenIn } from './written.ts';

/** A platform that is being watched, with what is kept of it. */
export interface Session {
  fleet: Fleet;
  /** The one way to change anything. */
  gateway: Gateway;
  /** The past of its numbers, and how they will go on. */
  trends: Trends;
  checklists: Book;
  /** For probes. */
  knowledge: Knowledge;
  /** Opens what is kept, then starts every source. Rejects when the embedded platform does not start. */
  begin(): Promise<void>;
  /** null: there is none, or it is not shared with. */
  readonly team: Team | null;
  /** What is kept of what happened, oldest first; nothing before it is opened. */
  past(query: EventQuery): FeedEvent[];
  /** Ends every source, writes what waits, and ends the embedded platform. */
  close(): Promise<void>;
}

export interface SessionOptions {
  now?: () => number;
  /** The store cannot be opened or written. */
  tell(trouble: Trouble): void;
  /** For the log file. */
  log?(line: string): void;
  onEvent?(event: FeedEvent): void;
  /** Several that a program before this one could not bring to its end, once what was under way is known. */
  onCutShort?(cut: CutShort): void;
  /** What happened in so many milliseconds before is told again. */
  rememberMs?: number;
  /** What is read even where it costs something; all that the screen shows where it is left out. */
  attend?: ReadonlySet<Kind>;
  /** Its numbers are sampled for as long as it is open. */
  sample?: boolean;
  readOnly?: boolean;
  noJournal?: boolean;
  /** Who acts: for the journal. */
  actor?: Actor;
  /** Where the operator sits. */
  console?: Console;
  /** Shares the journal with the team's store, where the profile names one. */
  shares?: boolean;
  /** For tests. */
  create?(name: string, options: SourceOptions): Promise<Source>;
}

/**
 * A platform that is to be watched. Returns at once, with nothing loaded of what sources or store need: each source that
 * is known of is `connecting` from now on, and `begin` makes it so.
 */
export function openSession(platform: Platform, options: SessionOptions): Session {
  const { now = Date.now, tell, log, onEvent, onCutShort, rememberMs, attend, create = createSource } = options;
  const { readOnly = true, noJournal = false, actor = NOBODY, shares = false, sample = false } = options;
  let store: Store | null = null;
  const fleet = new Fleet({
    now,
    thresholds: platform.profile.thresholds,
    log,
    onEvent: event => {
      store?.append([event]);
      onEvent?.(event);
    },
  });
  let journal = closedJournal(NOT_YET);
  let samples: Samples | null = null;
  let team: Team | null = null;
  const gateway = new Gateway({
    fleet,
    journal: () => journal,
    team: () => team?.state ?? null,
    rules: platform.profile.guard,
    groups: platform.profile.groups,
    readOnly,
    noJournal,
    demo: platform.demo,
    stacks: platform.profile.stacks,
    console: options.console,
    drafts: join(stateFolder(), 'edits'),
    ...actor,
  });
  const trends = new Trends({ fleet, samples: () => samples });
  const knowledge: Knowledge = {
    ahead: (noun, measure) => trends.ahead(noun, measure),
    written: writtenIn(platform),
    team: () => team?.state ?? null,
  };
  const checklists = new Book({
    fleet,
    journal: () => journal,
    checklists: platform.profile.checklists ?? {},
    worker: { ...actor, process: { pid: process.pid, host: hostname() } },
    demo: platform.demo,
    platform: platform.title,
    knowledge,
  });
  if (attend) fleet.attend(attend);
  for (const [name, kind] of Object.entries(platform.kinds)) fleet.expect(name, kind);
  let closed = false;
  let stopLooking = () => {};

  const told = new Set<string>();
  function tellCutShort(): void {
    for (const cut of gateway.cutShort()) {
      if (told.has(cut.batch.id) || cut.deeds.some(({ ending }) => ending === null)) continue;
      told.add(cut.batch.id);
      onCutShort?.(cut);
    }
  }

  function start(name: string, source: SourceOptions): void {
    if (!Object.hasOwn(platform.kinds, name)) fleet.expect(name, source.kind);
    create(name, source).then(
      made => {
        if (!closed) fleet.watch(made);
      },
      (error: unknown) => fleet.sink(name, source.kind).state({ phase: 'refused', trouble: notMade(name, error) }),
    );
  }

  async function takePart(): Promise<void> {
    const { team: options } = platform.profile;
    if (!shares || !options || !journal.isOpen) return;
    const { share } = await import('../team/share.ts');
    if (closed) return;
    team = share(journal, options, { now, log });
    tellOfTeam(team, fleet);
    team.subscribe(() => gateway.heard());
  }

  return {
    fleet,
    gateway,
    get team() {
      return team;
    },
    trends,
    checklists,
    knowledge,
    async begin() {
      const { openStoreOrTell } = await import('../store/store.ts');
      if (closed) return;
      store = openStoreOrTell(platform.storePath, tell, { now });
      journal = await openJournalOrTell(platform.storePath, tell, () => team?.hurry());
      await takePart();
      await checklists.begin();
      stopLooking = watchUnseen(
        journal,
        fleet,
        deed => {
          fleet.sink(deed.intent.target.source, 'host').event(foundLater(deed, now()));
          tellCutShort();
        },
        error => tell({ ...NOT_YET, what: 'look after what was cut off', why: why(error) }),
      );
      tellCutShort();
      if (rememberMs !== undefined) fleet.restore(store.query({ since: now() - rememberMs }));
      const sources = await platform.sources;
      if (closed) return;
      for (const [name, kind] of Object.entries(platform.kinds)) {
        if (!Object.hasOwn(sources, name)) fleet.sink(name, kind).state({ phase: 'unset' });
      }
      for (const [name, source] of Object.entries(sources)) start(name, source);
      if (!sample) return;
      samples = await openSamplesOf(platform, tell, now());
      if (closed) await samples.close();
      else trends.begin();
    },
    past: query => store?.query(query) ?? [],
    async close() {
      closed = true;
      stopLooking();
      trends.stop();
      checklists.close();
      await fleet.stop();
      await team?.close();
      await samples?.close();
      store?.close();
      journal.close();
      await platform.close();
    },
  };
}

const NOBODY: Actor = { operator: 'nobody', sshClient: null };
const NOT_YET: Trouble = { what: 'write the journal', on: 'this machine', why: 'it is not open yet', fix: null };

/** "cut off 14:02: restart web-1: done, …" */
function foundLater({ intent, ending }: Deed, at: number): Happening {
  return {
    key: `quarterdeck/deed/${intent.id}`,
    at,
    severity: ending?.outcome === 'done' ? 'info' : 'warn',
    source: intent.target.source,
    about: intent.target.id,
    subject: intent.operator,
    reason: intent.verb,
    message: `${intent.verb} ${intent.target.name} of ${clockTime(intent.at)}: ${ending?.outcome}: ${ending?.words}`,
  };
}

/** A journal that cannot be opened is told, and then lets nothing be written. */
async function openJournalOrTell(
  path: string,
  tell: (trouble: Trouble) => void,
  written: () => void,
): Promise<Journal> {
  const { openJournal } = await import('../store/journal.ts');
  try {
    return openJournal(path, written);
  } catch (error) {
    const trouble = error instanceof TroubleError ? error.trouble : { ...NOT_YET, why: why(error) };
    tell(trouble);
    return closedJournal(trouble);
  }
}

async function openSamplesOf({ demo, storePath }: Platform, tell: (trouble: Trouble) => void, now: number) {
  const { openSamples } = await import('../store/samples.ts');
  const samples = openSamples(storePath, tell);
  return demo ? (await import('../demo/past.ts')).withPast(samples, now) : samples;
}

/** A source whose code or options are at fault: the others go on. */
function notMade(name: string, error: unknown): Trouble {
  return { what: 'start the source', on: name, why: why(error), fix: null };
}
