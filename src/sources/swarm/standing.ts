import type { Kind } from '../../model/entity.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { Phase, Sink } from '../source.ts';
import type { List as Asked } from './agenda.ts';
import type { Failure } from './failure.ts';

/** A part of the tasks proves nothing about all of them. */
type List = Exclude<Asked, 'restless'>;

/** What each list tells of. */
const KINDS_OF: Readonly<Record<List, readonly Kind[]>> = {
  services: ['workload', 'route'],
  tasks: ['replica'],
  nodes: ['node'],
  networks: ['network'],
};
/** Only managers know these, and without any one of them the picture is wrong. */
const OF_MANAGERS: readonly List[] = ['services', 'nodes', 'tasks'];

/**
 * Whether the source may call itself live: the engine answers, and so does the swarm behind it. An engine that has lost
 * its swarm (no quorum) still answers pings; that proves nothing about services.
 */
export class Standing {
  readonly #sink: Sink;
  #phase: Phase = 'connecting';
  #trouble: Trouble | null = null;
  #wasLive = false;
  /** The engine itself is not reached. */
  #lost: Failure | null = null;
  /** The swarm behind it does not answer. */
  #hung: Trouble | null = null;
  readonly #failures = new Map<List, Failure>();
  /** Lists that answered since the engine was reached. */
  readonly #answered = new Set<List>();

  constructor(sink: Sink) {
    this.#sink = sink;
    for (const kind of Object.values(KINDS_OF).flat()) sink.coverage(kind, { state: 'asking' });
  }

  get isLive(): boolean {
    return this.#phase === 'live';
  }

  /**
   * The engine was not reached, or is reached no longer. What was seen stays, as old as it is.
   *
   * @returns whether this is new
   */
  lost(failure: Failure): boolean {
    const again = this.#lost !== null && isSame(this.#lost.trouble, failure.trouble);
    this.#lost = failure;
    this.#hung = null;
    this.#failures.clear();
    this.#answered.clear();
    if (again) return false;
    for (const kind of Object.values(KINDS_OF).flat())
      this.#sink.coverage(kind, { state: 'failed', trouble: failure.trouble });
    this.#tell();
    return true;
  }

  /** The engine answers again; live is earned by the lists that follow. */
  reached(): void {
    this.#lost = null;
  }

  /** A proof of life, where the swarm itself is well. */
  alive(): void {
    if (this.isLive) this.#sink.state({ proof: true });
  }

  /** @returns whether it did not work before */
  works(list: List): boolean {
    const failed = this.#failures.delete(list);
    this.#answered.add(list);
    this.#tell();
    this.alive();
    return failed;
  }

  get failing(): List[] {
    return [...this.#failures.keys()];
  }

  /** @returns whether this is new */
  fails(list: List, failure: Failure): boolean {
    const { manner, trouble } = failure;
    const before = this.#failures.get(list);
    this.#failures.set(list, failure);
    if (before && isSame(before.trouble, trouble)) return false;
    for (const kind of KINDS_OF[list])
      this.#sink.coverage(kind, { state: manner === 'forbidden' ? 'forbidden' : 'failed', trouble });
    this.#tell();
    return true;
  }

  /** The swarm owes answers for too long; null: it answers again. */
  hangs(trouble: Trouble | null): void {
    this.#hung = trouble;
    this.#tell();
  }

  #tell(): void {
    const [phase, trouble] = this.#judge();
    if (phase === this.#phase && isSame(trouble, this.#trouble)) return;
    this.#phase = phase;
    this.#trouble = trouble;
    if (phase === 'live') this.#wasLive = true;
    this.#sink.state({ phase, trouble, ...(phase === 'live' ? { proof: true } : {}) });
  }

  #judge(): [Phase, Trouble | null] {
    const notLive = this.#wasLive ? 'stale' : 'connecting';
    if (this.#lost) return [this.#lost.manner === 'refused' ? 'refused' : notLive, this.#lost.trouble];
    const failures = OF_MANAGERS.map(list => this.#failures.get(list)).filter(failure => failure !== undefined);
    const refused = failures.find(({ manner }) => manner === 'refused');
    if (refused) return ['refused', refused.trouble];
    const failed = failures.find(({ manner }) => manner !== 'forbidden');
    if (failed) return ['stale', failed.trouble];
    if (failures.length === OF_MANAGERS.length) return ['refused', failures[0]!.trouble];
    if (this.#hung) return [notLive, this.#hung];
    const missing = OF_MANAGERS.some(list => !this.#answered.has(list) && !this.#failures.has(list));
    return missing ? [notLive, this.#trouble] : ['live', null];
  }
}

function isSame(a: Trouble | null, b: Trouble | null): boolean {
  return a === b || (a !== null && b !== null && a.what === b.what && a.why === b.why);
}
