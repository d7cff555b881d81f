import { EVERY_KIND, type Kind, type Node, type Noun, type Replica } from '../model/entity.ts';
import { judge, type Surroundings } from '../model/health/judge.ts';
import { reasonOf, type Verdict } from '../model/health/verdict.ts';
import type { Fleet } from './fleet.ts';
import { isDirectoryOf, Tenants } from './tenants.ts';

/** Which nouns of a fleet have to be judged again, because they or what their verdict rests on changed. */
export class Judging {
  readonly #fleet: Fleet;
  readonly #changed: (noun: Noun) => void;
  readonly #tenants = new Tenants();
  /** By database name. */
  readonly #newestBackup = new Map<string, string>();
  readonly #unjudged = new Set<Noun>();
  readonly #unsettled = Object.fromEntries(EVERY_KIND.map(kind => [kind, new Set()])) as Record<Kind, Set<string>>;

  /** @param changed told of each noun that is not as it was after it was judged */
  constructor(fleet: Fleet, changed: (noun: Noun) => void) {
    this.#fleet = fleet;
    this.#changed = changed;
  }

  /** Whether anything waits for its verdict. */
  get isDue(): boolean {
    return this.#unjudged.size > 0;
  }

  /** Ids of what is bad, warns or is busy. */
  unsettled(kind: Kind): ReadonlySet<string> {
    return this.#unsettled[kind];
  }

  /** A noun came, became another object or went; the fleet's own indexes know of it already. */
  move(id: string, before: Noun | undefined, after: Noun | undefined): void {
    this.#tenants.move(id, before, after);
    if (before) this.#unjudged.delete(before);
    if (after) this.#unjudged.add(after);
    // Without what it stood on a tenant is another one; what has changed is looked at once it is judged.
    if (before && !after) {
      this.#unsettled[before.kind].delete(id);
      this.#addTenantsOf(before);
    }
    if (before?.kind === 'replica') this.#addById('workload', before.workload);
    if (after?.kind === 'node' && (before as Node | undefined)?.ready !== after.ready) {
      for (const replica of this.#fleet.replicasOn(id)) this.add(replica);
    }
    if (before?.kind === 'backup' || after?.kind === 'backup') this.#newestBackup.clear();
  }

  /** It became another object and is what it was. */
  renew(before: Noun, again: Noun): void {
    if (this.#unjudged.delete(before)) this.#unjudged.add(again);
  }

  add(noun: Noun): void {
    this.#unjudged.add(noun);
  }

  /** Some verdicts grow old by themselves: a start that takes too long, a restart that is long ago, a backup's age. */
  addOld(): void {
    for (const replica of this.#fleet.all('replica').values()) {
      if (replica.health !== 'ok' && replica.health !== 'off') this.add(replica);
    }
    for (const backup of this.#fleet.all('backup').values()) this.add(backup);
  }

  /** In the order in which verdicts rest on each other: replicas, their workloads, the tenants that stand on them. */
  judgeAll(): void {
    const around = this.#surroundings();
    for (const noun of this.#unjudged) {
      if (noun.kind === 'workload' || noun.kind === 'instance') continue;
      this.#judge(noun, around);
      if (noun.kind === 'replica') this.#addById('workload', noun.workload);
    }
    for (const noun of this.#unjudged) {
      if (noun.kind !== 'workload') continue;
      this.#judge(noun, around);
      Object.assign(noun, sums(this.#fleet.replicasOf(noun.id)));
      this.#changed(noun);
    }
    for (const noun of this.#unjudged) if (noun.kind === 'instance') this.#judge(noun, around);
    this.#unjudged.clear();
  }

  /** All that is not well about a noun, worst first. */
  verdicts(noun: Noun): Verdict[] {
    const { others = [], ...worst } = judge(noun, this.#surroundings());
    return [worst, ...others];
  }

  #judge(noun: Noun, around: Surroundings): void {
    const { health, reason } = noun;
    const verdict = judge(noun, around);
    noun.health = verdict.health;
    noun.reason = reasonOf(verdict);
    if (health === noun.health && reason === noun.reason) return;
    const isUnsettled = noun.health === 'bad' || noun.health === 'warn' || noun.health === 'busy';
    this.#unsettled[noun.kind][isUnsettled ? 'add' : 'delete'](noun.id);
    this.#changed(noun);
    this.#addTenantsOf(noun);
  }

  #addTenantsOf(noun: Noun): void {
    for (const id of this.#tenants.on(noun)) this.#addById('instance', id);
  }

  #addById(kind: Kind, id: string | null): void {
    const noun = id === null ? undefined : this.#fleet.get(kind, id);
    if (noun) this.#unjudged.add(noun);
  }

  #surroundings(): Surroundings {
    const fleet = this.#fleet;
    return {
      limits: fleet.limits,
      now: fleet.now(),
      node: id => fleet.get('node', id),
      replicasOf: workload => fleet.replicasOf(workload),
      isNewestBackup: id => this.#isNewestBackup(id),
      footing: instance => ({
        workloads: instance.serviceName === null ? [] : fleet.named('workload', instance.serviceName),
        pool: instance.pool === null ? undefined : fleet.get('pool', instance.pool),
        directories: [...this.#tenants.directoriesOf(instance)]
          .flatMap(id => fleet.get('directory', id) ?? [])
          .filter(({ name }) => isDirectoryOf(name, instance)),
      }),
    };
  }

  #isNewestBackup(id: string): boolean {
    const backups = this.#fleet.all('backup');
    if (this.#newestBackup.size === 0) {
      for (const backup of backups.values()) {
        const newest = backups.get(this.#newestBackup.get(backup.databaseName) ?? '');
        if (!newest || newest.takenAt < backup.takenAt) this.#newestBackup.set(backup.databaseName, backup.id);
      }
    }
    const backup = backups.get(id);
    return backup !== undefined && this.#newestBackup.get(backup.databaseName) === id;
  }
}

/** What a workload's replicas use together; a sum over nothing known is not known. */
function sums(replicas: Replica[]) {
  const sum = (of: (replica: Replica) => number | null) => {
    const known = replicas.map(of).filter(value => value !== null);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
  };
  return {
    restarts: sum(replica => replica.restarts),
    cpuUsedMillicores: sum(replica => replica.cpuUsedMillicores),
    memoryUsedBytes: sum(replica => replica.memoryUsedBytes),
  };
}
