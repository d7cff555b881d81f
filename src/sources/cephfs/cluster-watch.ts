import type { Seen } from '../../model/entity.ts';
import type { Severity } from '../../model/event.ts';
import { sentence, type Trouble } from '../../model/trouble.ts';
import type { Run } from '../runner.ts';
import type { Sink } from '../source.ts';
import { type Asked, Cluster } from './cluster.ts';
import { healthChanges } from './health-changes.ts';
import { Lane } from './lane.ts';
import { type Failure, ReadError } from './read-error.ts';
import { repeat } from './repeat.ts';

/** Reads the cluster again and again, tells what changed in its health, and when it no longer answers. */
export class ClusterWatch {
  readonly #asked: Asked;
  readonly #everyMs: number;
  readonly #questions: Lane;
  /** What is asked on an operator's demand may hang on a dead manager; it must not hold up the rest. */
  readonly #details: Lane;
  #last: Seen<'storage'> | null = null;
  #failed = false;

  constructor(asked: Asked, run: Run, everyMs: number) {
    this.#asked = asked;
    this.#everyMs = everyMs;
    this.#questions = new Lane(run, 1);
    this.#details = new Lane(run, 2);
  }

  get requests(): number {
    return this.#questions.started + this.#details.started;
  }

  start(sink: Sink, signal: AbortSignal): void {
    sink.coverage('storage', { state: 'asking' });
    const cluster = new Cluster(this.#asked, this.#questions.run);
    const read = async () => {
      try {
        this.#tell(sink, await cluster.read(sink.log, signal));
      } catch (error) {
        if (!signal.aborted) this.#tellFailure(sink, error);
      }
    };
    repeat(read, this.#everyMs, signal);
  }

  raw(signal: AbortSignal): Promise<unknown> {
    return new Cluster(this.#asked, this.#details.run).raw(signal);
  }

  #tell(sink: Sink, storage: Seen<'storage'>): void {
    const { on } = this.#asked;
    const listing = sink.list('storage');
    listing.put([storage]);
    listing.end();
    sink.coverage('storage', { state: 'complete' });
    if (this.#last?.id !== storage.id || this.#last.name !== storage.name)
      sink.state({ target: `${on} · ${storage.name}${storage.uid ? ` (${storage.uid.slice(0, 8)})` : ''}` });
    if (this.#last?.id === storage.id)
      for (const change of healthChanges(this.#last, storage, Date.now())) sink.event(change);
    if (this.#failed) this.#event(sink, 'info', 'answers again');
    this.#last = storage;
    this.#failed = false;
  }

  #tellFailure(sink: Sink, error: unknown): void {
    const { state, trouble } = this.#failure(error);
    sink.coverage('storage', { state, trouble });
    if (this.#failed) return;
    this.#failed = true;
    sink.log(sentence(trouble));
    if (this.#last === null) return;
    this.#event(sink, 'bad', `does not answer: ${trouble.why}`);
    // The last capacity stays worth knowing; whether it is well, and how busy, is no longer known.
    sink.put([{ ...this.#last, ...UNKNOWN }]);
  }

  #event(sink: Sink, severity: Severity, message: string): void {
    const { source, name, id } = this.#last ?? { source: this.#asked.source, name: 'ceph', id: null };
    const key = `${source}/storage/answers/${severity}`;
    sink.event({
      key,
      at: Date.now(),
      severity,
      source,
      about: id,
      subject: `storage/${name}`,
      reason: 'Ceph',
      message,
    });
  }

  #failure(error: unknown): { state: Failure; trouble: Trouble } {
    if (error instanceof ReadError) return error;
    const why = 'an older question still hangs';
    return { state: 'failed', trouble: { what: 'ask ceph', on: this.#asked.on, why, fix: null } };
  }
}

const UNKNOWN = {
  status: null,
  mdsActive: null,
  mdsStandby: null,
  mdsLaggy: null,
  managerAvailable: null,
  readBytesPerSecond: null,
  writeBytesPerSecond: null,
} as const;
