import type { Directory, Instance, Noun } from '../model/entity.ts';
import { IndexBy } from './index-by.ts';

/**
 * Which tenants stand on what: a tenant's service bears its recorded name, its directory ends in its database name and
 * the first 8 letters of its id.
 */
export class Tenants {
  readonly #byService = new IndexBy();
  readonly #byPool = new IndexBy();
  readonly #byMark = new IndexBy();
  readonly #directories = new IndexBy();

  /** A noun came, changed or went. */
  move(id: string, before: Noun | undefined, after: Noun | undefined): void {
    const [old, young] = [before, after].map(noun => (noun?.kind === 'instance' ? noun : undefined));
    if (old || young) {
      this.#byService.move(id, old?.serviceName ?? null, young?.serviceName ?? null);
      this.#byPool.move(id, old?.pool ?? null, young?.pool ?? null);
      this.#byMark.move(id, markOf(old), markOf(young));
    }
    const [gone, come] = [before, after].map(noun => (noun?.kind === 'directory' ? noun : undefined));
    if (gone || come) this.#directories.move(id, tailOf(gone), tailOf(come));
  }

  /** Ids of the instances that stand on a noun. */
  on(noun: Noun): Iterable<string> {
    switch (noun.kind) {
      case 'workload':
        return this.#byService.get(noun.name);
      case 'pool':
        return this.#byPool.get(noun.id);
      case 'directory':
        return this.#byMark.get(noun.name.slice(-MARK_LENGTH));
      default:
        return [];
    }
  }

  /** Ids of directories that may be the instance's: those that end in its mark. */
  directoriesOf(instance: Instance): Iterable<string> {
    return this.#directories.get(markOf(instance) ?? '');
  }
}

export function isDirectoryOf(directory: string, { databaseName, uid }: Instance): boolean {
  return databaseName !== null && uid !== null && directory.endsWith(`${databaseName}_${uid.slice(0, MARK_LENGTH)}`);
}

const MARK_LENGTH = 8;
const markOf = (instance: Instance | undefined) => instance?.uid?.slice(0, MARK_LENGTH) ?? null;
const tailOf = (directory: Directory | undefined) => directory?.name.slice(-MARK_LENGTH) ?? null;
