import type { Kind } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { sentence, type Trouble, TroubleError } from '../../model/trouble.ts';
import { pulse } from '../pulse.ts';
import type { Run } from '../runner.ts';
import type { Sink } from '../source.ts';
import { type BackupFolder, type FoundBackups, readBackups } from './backups.ts';
import { Directories } from './directories.ts';
import { readAttribute } from './getfattr.ts';
import { Lane } from './lane.ts';
import type { Pace } from './pace.ts';
import { type Failure, ReadError, readError } from './read-error.ts';
import { repeat } from './repeat.ts';

/** Readings at once, beside the one proof of life: six processes in all. */
const READINGS_AT_ONCE = 5;

export interface Mount {
  source: string;
  path: string;
  /** As an operator would say it. */
  where: string;
  /** Between us and the mount stands a connection, which may be what is silent. */
  remote: boolean;
  directories: string[];
  backups: BackupFolder | null;
}

/**
 * All that is read through the mount: the proof of life, the directories, the backups. While the proof fails nothing
 * else is started, and no reading while an older one hangs.
 */
export class MountWatch {
  readonly #mount: Mount;
  readonly #pace: Pace;
  readonly #probes: Lane;
  readonly #readings: Lane;
  readonly #directories: Directories;
  #backups: FoundBackups = new Map();
  #live = false;
  #trouble: Trouble | null = null;
  #logged = '';
  #askedAt = 0;
  #silentSince: number | null = null;
  #wake: (() => void)[] = [];

  constructor(mount: Mount, run: Run, pace: Pace) {
    this.#mount = mount;
    this.#pace = pace;
    this.#probes = new Lane(run, 1);
    this.#readings = new Lane(run, READINGS_AT_ONCE);
    const { source, path, directories: patterns } = mount;
    const watched = { source, mount: path, patterns, quotasEveryMs: pace.quotasEveryMs };
    this.#directories = new Directories(watched, this.#readings.run);
  }

  get requests(): number {
    return this.#probes.started + this.#readings.started;
  }

  /** Asks something of the mount in turn with the readings. Rejects with Hanging while one of those hangs. */
  get run(): Run {
    return this.#readings.run;
  }

  /** Why it does not answer; null: it does, or was not asked yet. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** Where a directory is, below the root; null: it is not there any more. */
  relativeOf(id: string): string | null {
    return this.#directories.relativeOf(id);
  }

  /** Something was changed: all is read again now. */
  lookAgain(): void {
    this.#directories.forgetQuotas();
    for (const each of this.#wake) each();
  }

  /** Directories that the profile names and that are not there, in find's words. */
  get missing(): readonly string[] {
    return this.#directories.missing;
  }

  start(sink: Sink, signal: AbortSignal): void {
    const { backups, source } = this.#mount;
    const kinds: Kind[] = backups ? ['directory', 'backup'] : ['directory'];
    for (const kind of kinds) sink.coverage(kind, { state: 'asking' });
    const options = { deadlineMs: this.#pace.readDeadlineMs, signal };
    this.#wake = [
      repeat(
        () => this.#reading(sink, 'directory', signal, () => this.#directories.read(sink, options)),
        this.#pace.directoriesEveryMs,
        signal,
      ),
    ];
    if (backups) {
      const read = async () => {
        this.#backups = await readBackups(this.#readings.run, backups, options);
        const listing = sink.list('backup');
        listing.put([...this.#backups.values()].map(({ seen }) => seen));
        listing.end();
        sink.coverage('backup', { state: 'complete' });
      };
      this.#wake.push(repeat(() => this.#reading(sink, 'backup', signal, read), this.#pace.backupsEveryMs, signal));
    } else {
      const trouble = {
        what: 'list backups',
        on: source,
        why: 'no folder is named',
        fix: 'add backups to this source',
      };
      sink.coverage('backup', { state: 'absent', trouble });
    }
    void pulse(
      {
        ask: asked => this.#probe(asked),
        alive: () => this.#alive(sink),
        silent: error => this.#silent(sink, kinds, error),
        everyMs: this.#pace.probeEveryMs,
        deadlineMs: this.#pace.probeDeadlineMs + 1_000,
      },
      signal,
    );
  }

  async raw(kind: Kind, id: string, signal: AbortSignal): Promise<unknown> {
    if (kind === 'backup') {
      const files = this.#backups.get(id)?.files ?? [];
      return files.map(({ name, sizeBytes, modifiedAt }) => ({ name: printable(name), sizeBytes, modifiedAt }));
    }
    if (this.#trouble) throw new TroubleError(this.#trouble);
    return await this.#directories.raw(id, { deadlineMs: this.#pace.readDeadlineMs, signal });
  }

  /** The recursive size of the root: a stat can be answered from a cache, this always asks the metadata server. */
  async #probe(signal: AbortSignal): Promise<void> {
    this.#askedAt = Date.now();
    const { path, where } = this.#mount;
    const options = { deadlineMs: this.#pace.probeDeadlineMs, signal };
    const { values, failures } = await readAttribute(this.#probes.run, 'ceph.dir.rbytes', [path], options);
    if (values.has(path)) return;
    const words = failures.get(path) ?? 'No such attribute';
    throw readError(words, { what: 'read CephFS', on: where, program: 'getfattr' });
  }

  #alive(sink: Sink): void {
    if (this.#live) return sink.state({ phase: 'live', proof: true });
    this.#live = true;
    this.#silentSince = null;
    this.#trouble = null;
    this.#logged = '';
    sink.state({ phase: 'live', trouble: null, proof: true });
    for (const each of this.#wake) each();
  }

  #silent(sink: Sink, kinds: Kind[], error: unknown): void {
    this.#silentSince = error instanceof ReadError ? null : (this.#silentSince ?? this.#askedAt);
    this.#live = false;
    const { state, trouble } = this.#failure(error, this.#silentSince ?? this.#askedAt);
    this.#trouble = trouble;
    sink.state({ phase: state === 'failed' ? 'stale' : 'refused', trouble });
    this.#tell(sink, kinds, state, trouble);
  }

  async #reading(sink: Sink, kind: Kind, signal: AbortSignal, read: () => Promise<void>): Promise<void> {
    if (!this.#live) return;
    const begun = Date.now();
    try {
      await read();
    } catch (error) {
      if (signal.aborted || !this.#live) return;
      const { state, trouble } = this.#failure(error, this.#readings.hangingSince ?? begun);
      this.#tell(sink, [kind], state, trouble);
    }
  }

  /** The log needs no line for each second that the same thing lasts. */
  #tell(sink: Sink, kinds: Kind[], state: Failure, trouble: Trouble): void {
    for (const kind of kinds) sink.coverage(kind, { state, trouble });
    const about = `${state} ${trouble.what} ${trouble.fix}`;
    if (about !== this.#logged) sink.log(sentence(trouble));
    this.#logged = about;
  }

  #failure(error: unknown, since: number): { state: Failure; trouble: Trouble } {
    if (error instanceof ReadError) return error;
    const { where, remote } = this.#mount;
    const seconds = Math.max(1, Math.round((Date.now() - since) / 1_000));
    const trouble = { what: 'read CephFS', on: where };
    if (this.#live) {
      // Seen when a client died and the cluster still waits for it: all below the root hangs for a minute or more.
      const why = `a reading hangs for ${seconds} s, though the root of the mount answers`;
      return {
        state: 'failed',
        trouble: { ...trouble, why, fix: 'another client may be holding it up: ceph health detail' },
      };
    }
    const why = `${remote ? 'the metadata server, or the way to it,' : 'the metadata server'} does not answer for ${seconds} s`;
    return {
      state: 'failed',
      trouble: { ...trouble, why, fix: 'look at ceph fs status; reading goes on by itself when one is back' },
    };
  }
}
