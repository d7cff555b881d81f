import type { Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import type { Run, RunOptions } from '../runner.ts';
import type { Sink } from '../source.ts';
import { type Answers, readAttribute } from './getfattr.ts';
import { findPlaces, type Place } from './places.ts';
import { QuotaLevels, quotaExceeded } from './quota-levels.ts';
import { readError } from './read-error.ts';

const USAGE = ['ceph.dir.rbytes', 'ceph.dir.rfiles', 'ceph.dir.rentries', 'ceph.dir.rctime'];
const QUOTAS = ['ceph.quota.max_bytes', 'ceph.quota.max_files'];

export interface Watched {
  source: string;
  mount: string;
  /** As in the profile: below the mount, the last part may be `*`. */
  patterns: string[];
  /** From one reading of the quotas to the next at least. */
  quotasEveryMs: number;
}

/** Usage and quotas of the watched directories, from CephFS's own recursive statistics; no tree is ever walked. */
export class Directories {
  readonly #watched: Watched;
  readonly #run: Run;
  readonly #levels = new QuotaLevels();
  #places = new Map<string, Place>();
  #told = '';
  /** What the profile names and is not there, in find's words. */
  missing: readonly string[] = [];
  #quotas = { readAt: Number.NEGATIVE_INFINITY, of: new Set<string>(), answers: [] as Answers[] };

  constructor(watched: Watched, run: Run) {
    this.#watched = watched;
    this.#run = run;
  }

  /**
   * One reading into the sink. Rejects with Silent, Hanging or a ReadError when it is not complete; what could be read
   * has been told then all the same, and nothing was removed.
   */
  async read(sink: Sink, options: RunOptions): Promise<void> {
    const { mount, patterns } = this.#watched;
    const { places, missing, incomplete } = await findPlaces(this.#run, mount, patterns, options);
    this.missing = missing;
    const paths = places.map(({ path }) => path);
    const usage = await this.#ask(USAGE, paths, options);
    await this.#readQuotas(paths, options);
    const at = Date.now();

    const [bytes = NONE] = usage;
    this.#refuseWhenAllFail(paths, bytes);
    const there = places.filter(({ path }) => !bytes.failures.get(path)?.startsWith('No such file'));
    const seen = there.map(place => this.#seen(place, [...usage, ...this.#quotas.answers], at));
    const found = there.map((place, index) => [seen[index]?.id ?? '', place] as const);
    this.#places = new Map([...(incomplete ? this.#places : []), ...found]);
    if (incomplete) sink.put(seen);
    else {
      const listing = sink.list('directory');
      listing.put(seen);
      listing.end();
      sink.coverage('directory', { state: 'complete' });
    }
    for (const happening of this.#levels.look(seen, at)) sink.event(happening);
    this.#tellFailures(sink, seen, [...usage, ...this.#quotas.answers], missing, at);
    if (incomplete) throw incomplete;
  }

  /** The attributes as getfattr gives them. */
  async raw(id: string, options: RunOptions): Promise<unknown> {
    const place = this.#places.get(id);
    if (!place) throw readError('No such file or directory', { what: 'read a directory', on: id, program: 'getfattr' });
    const names = [...USAGE, ...QUOTAS];
    const answers = await this.#ask(names, [place.path], options);
    const told = ({ values, failures }: Answers) => {
      const value = values.get(place.path) ?? failures.get(place.path);
      return value === undefined ? null : printable(value);
    };
    return {
      path: printable(place.path),
      inode: place.inode,
      attributes: Object.fromEntries(names.map((name, index) => [name, told(answers[index] ?? NONE)])),
    };
  }

  /** null: it is not there any more. */
  relativeOf(id: string): string | null {
    return this.#places.get(id)?.relative ?? null;
  }

  /** Somebody has set one: they are asked for with the next reading. */
  forgetQuotas(): void {
    this.#quotas.readAt = Number.NEGATIVE_INFINITY;
  }

  #ask(attributes: string[], paths: string[], options: RunOptions): Promise<Answers[]> {
    return Promise.all(attributes.map(attribute => readAttribute(this.#run, attribute, paths, options)));
  }

  async #readQuotas(paths: string[], options: RunOptions): Promise<void> {
    const { readAt, of } = this.#quotas;
    const now = Date.now();
    if (now - readAt < this.#watched.quotasEveryMs && paths.every(path => of.has(path))) return;
    this.#quotas = { readAt: now, of: new Set(paths), answers: await this.#ask(QUOTAS, paths, options) };
  }

  #seen({ path, relative, inode }: Place, answers: Answers[], at: number): Seen<'directory'> {
    const { source } = this.#watched;
    const [bytes, files, entries, changed, quotaBytes, quotaFiles] = answers.map(({ values }) => values.get(path));
    return {
      id: printable(`${source}/dir/${relative}`),
      kind: 'directory',
      name: printable(shortName(relative)),
      source,
      observedAt: at,
      uid: inode,
      version: null,
      createdAt: null,
      labels: {},
      path: printable(path),
      usedBytes: whole(bytes),
      quotaBytes: whole(quotaBytes) || null,
      entries: whole(entries),
      files: whole(files),
      quotaFiles: whole(quotaFiles) || null,
      changedAt: changeTime(changed),
    };
  }

  #refuseWhenAllFail(paths: string[], { failures }: Answers): void {
    const [first, ...others] = new Set(paths.map(path => failures.get(path) ?? null));
    if (first && others.length === 0)
      throw readError(first, { what: 'read usage', on: this.#watched.mount, program: 'getfattr' });
  }

  /** Single directories that could not be read, and names that are not there: told when they change. */
  #tellFailures(sink: Sink, seen: Seen<'directory'>[], answers: Answers[], missing: string[], at: number): void {
    const lines = [...missing];
    for (const [path, words] of answers.flatMap(({ failures }) => [...failures])) {
      lines.push(printable(`${path}: ${words}`));
      const about =
        words.startsWith('Disk quota exceeded') && seen.find(({ id }) => this.#places.get(id)?.path === path);
      if (about) sink.event(quotaExceeded(about, at));
    }
    const told = [...new Set(lines)].join('\n');
    if (told !== this.#told && told !== '') sink.log(`could not be read:\n${told}`);
    this.#told = told;
  }
}

const NONE: Answers = { values: new Map(), failures: new Map() };

/** The last part of a path; a mere number in it (`pool-1`) says nothing without what it stands in. */
function shortName(relative: string): string {
  const parts = relative.split('/');
  return /^[a-z]*[-_.]?\d+$/i.test(parts.at(-1) ?? '') ? parts.slice(-2).join('/') : (parts.at(-1) ?? relative);
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/**
 * `seconds.nanoseconds` in milliseconds; null for a directory that never changed. It may lie in the future. Nautilus
 * wrote a stray `09` before the nanoseconds (ceph pull request 28500).
 */
export function changeTime(text: string | undefined): number | null {
  const [, seconds, nanoseconds = '0'] = /^(\d+)(?:\.(?:09)?(\d{1,9}))?$/.exec(text ?? '') ?? [];
  if (!Number(seconds)) return null;
  return Number(seconds) * 1000 + Math.floor(Number(nanoseconds) / 1_000_000);
}
