import type { Kind, Nouns } from '../../model/entity.ts';
import type { Column } from './column.ts';
import * as compute from './compute.ts';
import * as data from './data.ts';

/** The columns of every kind. */
export const TABLES: { [K in Kind]: readonly Column<Nouns[K]>[] } = {
  node: compute.NODE,
  workload: compute.WORKLOAD,
  replica: compute.REPLICA,
  service: compute.SERVICE,
  claim: compute.CLAIM,
  network: compute.NETWORK,
  host: compute.HOST,
  pool: data.POOL,
  database: data.DATABASE,
  directory: data.DIRECTORY,
  storage: data.STORAGE,
  instance: data.INSTANCE,
  route: data.ROUTE,
  backup: data.BACKUP,
  check: data.CHECK,
  // Printed by its own system (src/screen/objects-doc.ts).
  object: [],
};
