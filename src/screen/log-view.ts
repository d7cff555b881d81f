import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Fleet } from '../fleet/fleet.ts';
import type { LogAction } from '../keys/table.ts';
import type { LogBuffer, LogEntry } from '../logs/log-buffer.ts';
import { looksLikeError, type Pattern, patternOf } from '../logs/log-pattern.ts';
import { LogSession } from '../logs/log-session.ts';
import type { Noun, Replica } from '../model/entity.ts';
import { clockTime } from '../text/format.ts';
import { editText } from './edit-text.ts';
import { type LogReach, reachOf, reachWords } from './log-reach.ts';

export interface LogViewOptions {
  fleet: Fleet;
  /** Replicas, or workloads whose replicas are meant, new ones too. */
  nouns: readonly Noun[];
  previous: boolean;
  changed(): void;
  /** Puts a text into the clipboard of the operator's terminal. */
  copy(text: string): void;
}

/** So far back is read before following, until something else is said. */
const REACH: LogReach = { tail: 500, sinceSeconds: null };

/** What can be typed into. */
type Typed = 'search' | 'filter' | 'back';

const BACK_HELP = '10m, 2h: since then; 1000 lines: so many of each; all';

/** The logs of some replicas on the screen: where one stands in them, and what is looked for. */
export class LogView {
  readonly title: string;
  readonly #begin: (reach: LogReach) => LogSession;
  readonly #changed: () => void;
  readonly #copy: (text: string) => void;
  readonly #now: () => number;
  #session: LogSession;
  /** How far back was read, in words. */
  reach = '';
  /** How many of the lines that match had gone from the front when this was looked at last. */
  #left = 0;
  /** Stays at the end when lines come. */
  following = true;
  /** Place of the lowest line that is shown, among those that match; kept at the end while following. */
  #bottom = -1;
  wrapped = false;
  stamps = false;
  folded = true;
  /** What is looked for, and what only is shown. */
  search = '';
  #sought: Pattern | null = null;
  filter = '';
  /** How far back is to be read, while it is typed. */
  back = '';
  input: { into: Typed; before: string } | null = null;
  message: string | null = null;
  /** Rows of the last drawing, for a page up or down. */
  rows = 20;

  constructor({ fleet, nouns, previous, changed, copy }: LogViewOptions) {
    const replicas = () => nouns.flatMap(noun => replicasOf(noun, fleet));
    this.#changed = changed;
    this.#copy = copy;
    this.title = nouns.length === 1 ? (nouns[0]?.name ?? '') : `${nouns.length} ${nouns[0]?.kind}s`;
    this.#begin = reach =>
      new LogSession({
        fleet,
        replicas,
        query: { follow: !previous, ...reach, previous },
        changed: () => {
          this.#stay();
          changed();
        },
      });
    this.#now = fleet.now;
    this.reach = this.#wordsOf(REACH);
    this.#session = this.#begin(REACH);
  }

  get buffer(): LogBuffer {
    return this.#session.buffer;
  }

  get session(): Pick<LogSession, 'names' | 'reading' | 'query' | 'behind'> {
    return this.#session;
  }

  /** Place of the lowest line that is shown. */
  get bottom(): number {
    return Math.min(this.following ? Number.POSITIVE_INFINITY : this.#bottom, this.buffer.size - 1);
  }

  close(): void {
    this.#session.close();
  }

  /** A key while something is typed. */
  type(key: string): void {
    const { input } = this;
    if (!input) return;
    if (key === 'Enter') {
      this.input = null;
      if (input.into === 'search') this.#find(-1, this.bottom);
      if (input.into === 'back') this.#readBack();
    } else if (key === 'Esc') {
      this.message = null;
      this.#set(input.into, input.before);
      this.input = null;
    } else this.#set(input.into, editText(this[input.into], key) ?? this[input.into]);
  }

  paste(text: string): void {
    if (this.input) this.#set(this.input.into, this[this.input.into] + text);
  }

  run(action: LogAction): void {
    this.message = null;
    switch (action) {
      case 'log-search':
        return this.#ask('search');
      case 'log-filter':
        return this.#ask('filter');
      case 'log-back':
        this.message = BACK_HELP;
        return this.#ask('back');
      case 'log-next':
        return this.#find(1, this.bottom + 1);
      case 'log-before':
        return this.#find(-1, this.bottom - 1);
      case 'log-error':
        return this.#goTo(1, this.bottom + 1, isError, 'no error after this one; E goes back');
      case 'log-error-before':
        return this.#goTo(-1, this.bottom - 1, isError, 'no error before this one');
      case 'log-follow':
        this.following = !this.following;
        this.#bottom = this.buffer.size - 1;
        return;
      case 'log-wrap':
        this.wrapped = !this.wrapped;
        return;
      case 'log-stamps':
        this.stamps = !this.stamps;
        return;
      case 'log-fold':
        this.folded = !this.folded;
        return;
      case 'log-save':
        return this.#save();
      case 'log-copy':
        return this.#copyShown();
    }
  }

  /** Lines down, or up when negative; to the ends with infinity. */
  move(by: number): void {
    const last = this.buffer.size - 1;
    const from = this.bottom;
    this.#bottom = Math.max(Math.min(this.rows, this.buffer.size) - 1, Math.min(last, from + by));
    // Who goes up wants to read; who comes back to the end wants what comes.
    this.following = this.#bottom >= last && by > 0;
  }

  page(): number {
    return Math.max(1, this.rows - 1);
  }

  /** The text of a line as it is shown: JSON folded, without stamp and name. */
  textOf({ text, folded }: LogEntry): string {
    return (this.folded && folded) || text;
  }

  /** What has to be marked in the lines; null: nothing. */
  get sought(): Pattern | null {
    return this.#sought;
  }

  #ask(into: Typed): void {
    this.input = { into, before: this[into] };
  }

  /** Reads anew, from as far back as was typed; what was kept goes. */
  #readBack(): void {
    const reach = reachOf(this.back);
    this.back = '';
    if (!reach) {
      this.message = `not understood: ${BACK_HELP}`;
      return;
    }
    this.#session.close();
    this.reach = this.#wordsOf(reach);
    this.#session = this.#begin(reach);
    this.#left = 0;
    this.following = true;
    this.#set('filter', this.filter);
  }

  #wordsOf(reach: LogReach): string {
    return reachWords(reach, clockTime(this.#now() - (reach.sinceSeconds ?? 0) * 1000));
  }

  /** At the end while following, else at the line that was looked at, whatever came behind it or went before it. */
  #stay(): void {
    const gone = this.buffer.left - this.#left;
    this.#left = this.buffer.left;
    this.#bottom = this.following ? this.buffer.size - 1 : Math.max(0, this.#bottom - gone);
  }

  #set(into: Typed, text: string): void {
    this[into] = text;
    if (into === 'search') this.#sought = patternOf(text);
    if (into !== 'filter') return;
    const place = this.buffer.slice(this.bottom, this.bottom + 1)[0];
    const pattern = patternOf(text);
    this.buffer.filter(pattern && (({ text, folded }) => pattern.test(text, folded)), work => inTime(pattern, work));
    this.message = pattern?.error ?? null;
    // Stay near what was looked at.
    if (!this.following && place?.at != null) {
      const { at } = place;
      this.#bottom = this.buffer.find(this.buffer.size - 1, -1, entry => entry.at !== null && entry.at <= at) ?? 0;
    }
  }

  #find(step: 1 | -1, from: number): void {
    const pattern = this.#sought;
    if (!pattern) {
      this.message = 'nothing is looked for: / first';
      return;
    }
    const place = pattern.inTime(() => this.buffer.find(from, step, ({ text, folded }) => pattern.test(text, folded)));
    this.message = pattern.error;
    this.#show(place, `"${this.search}" is not ${step > 0 ? 'after' : 'before'} this`);
  }

  #goTo(step: 1 | -1, from: number, test: (entry: LogEntry) => boolean, nothing: string): void {
    this.#show(this.buffer.find(from, step, test), nothing);
  }

  #show(place: number | null, nothing: string): void {
    if (place === null) {
      this.message = nothing;
      return;
    }
    this.following = false;
    this.#bottom = place;
  }

  /** All that is kept, or what the filter leaves of it, as it was written. */
  #save(): void {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
    const path = join(homedir(), `${this.title.replace(/[^\w.-]+/g, '-')}-${stamp}.log`);
    const lines = this.buffer.slice(0, this.buffer.size).map(entry => lineToKeep(entry));
    try {
      writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
      this.message = `${lines.length} lines saved in ${path}`;
    } catch (error) {
      this.message = `not saved: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#changed();
  }

  #copyShown(): void {
    const bottom = this.bottom;
    const lines = this.buffer.slice(Math.max(0, bottom - this.rows + 1), bottom + 1);
    this.#copy(lines.map(({ text }) => text).join('\n'));
    this.message = `${lines.length} lines given to the clipboard of the terminal, where it takes them (OSC 52)`;
  }
}

function inTime<T>(pattern: Pattern | null, work: () => T): T {
  return pattern ? pattern.inTime(work) : work();
}

function replicasOf(noun: Noun, fleet: Fleet): Replica[] {
  if (noun.kind === 'replica') return [noun];
  if (noun.kind !== 'workload') return [];
  return fleet.replicasOf(noun.id).filter(({ wanted, system }) => wanted !== 'gone' || system === 'kubernetes');
}

function isError({ text, mark, error }: LogEntry): boolean {
  return mark === null && (error || looksLikeError(text));
}

function lineToKeep({ at, replica, container, text, mark }: LogEntry): string {
  const when = at === null ? '' : `${new Date(at).toISOString()} `;
  return `${when}${replica ?? ''}${container ? `/${container}` : ''}: ${mark === null ? '' : '-- '}${text}`;
}

/** `14:02:58` */
export function stampOf({ at }: LogEntry): string {
  return at === null ? '        ' : clockTime(at);
}
