import { describe, expect, it } from 'vitest';
import { createPostgres, type PostgresOptions } from '../../src/sources/postgres/index.ts';
import { agree, type Bed, proofsLater, sorted, watching } from './bed.ts';
import type { PostgresTruth } from './postgres-truth.ts';

export type PostgresBed = Bed<PostgresOptions, PostgresTruth>;

/** What must be so for every platform database with its pools that is watched. */
export function postgresContract(open: () => Promise<PostgresBed>): void {
  const watched = watching(open, options => createPostgres('pg', options), ['pool', 'instance']);
  const { sink, truth } = watched;

  describe('tells what psql prints:', () => {
    it('the platform’s record of each pool, and the instances that are assigned to it', () =>
      agree(
        () =>
          sorted(
            sink
              .all('pool')
              .filter(each => each.recorded !== null)
              .map(each => [each.name, each.claimedHealth, each.maxInstances, each.recorded, each.assigned]),
          ),
        async () =>
          sorted(
            (await truth()).records.map(each => [
              each.name,
              each.health_status,
              each.max_instances,
              each.current_instances,
              each.assigned,
            ]),
          ),
      ));

    it('which servers are up, with version and limit', () =>
      agree(
        () => sorted(recorded().map(each => [each.name, each.up, each.softwareVersion, each.maxConnections])),
        async () =>
          sorted(
            [...(await truth()).servers].map(([name, server]) => [
              name,
              server !== null,
              server?.version ?? null,
              server?.max ?? null,
            ]),
          ),
      ));

    it('databases with their sizes, and how many of them are tenants', () =>
      agree(
        () => [
          ...sorted(recorded().map(each => [each.name, each.present])),
          ...sorted(
            sink
              .all('database')
              .filter(isOfRecorded)
              .map(each => [`${each.pool}/${each.name}`, each.sizeBytes]),
          ),
        ],
        async () => {
          const servers = [...(await truth()).servers];
          const tenants = (names: Iterable<string>) => [...names].filter(name => name.startsWith('odoo_')).length;
          return [
            ...sorted(servers.map(([name, server]) => [name, server && tenants(server.databases.keys())])),
            ...sorted(
              servers.flatMap(([name, server]) =>
                [...(server?.databases ?? [])].map(([database, size]): [string, number | null] => [
                  `pg/pool/${name}/${database}`,
                  size,
                ]),
              ),
            ),
          ];
        },
      ));

    it('instances', () =>
      agree(
        () => sorted(sink.all('instance').map(each => [each.uid, each.name, each.databaseName, each.status])),
        async () =>
          sorted((await truth()).instances.map(each => [each.id, each.name, each.database_name, each.status])),
      ));
  });

  it('goes on proving that it lives, over the connections that it has', async () => {
    const backends = async () => [...(await truth()).servers].map(([name, server]) => [name, server?.ours]);
    const before = await backends();
    await proofsLater(watched, 1);
    expect(sink.phase).toBe('live');
    expect(await backends()).toEqual(before);
  });

  it('answers a SELECT of a checklist over the connection that it has, and lets nothing be written by it', async () => {
    const { source } = watched;
    const { signal } = new AbortController();
    const ask = (sql: string, database = 'instance') => source.select?.(database, sql, signal) ?? null;
    const [before] = (await truth()).servers;
    const ids = (await truth()).instances.map(({ id }) => id);
    expect(sorted(((await ask('select id from instances')) ?? []).map(({ id }) => [id]))).toEqual(
      sorted(ids.map(id => [id])),
    );
    expect(await ask('select current_database() as name', before?.[0])).toEqual([{ name: 'postgres' }]);
    expect(ask('select 1', 'no-such-database')).toBeNull();
    await expect(ask('with gone as (delete from instances returning 1) select * from gone')).rejects.toThrow();
    await expect(ask("select nextval('x'), lo_create(0)")).rejects.toThrow();
    expect((await truth()).instances).toHaveLength(ids.length);
  });

  const recorded = () => sink.all('pool').filter(each => each.recorded !== null);
  const isOfRecorded = ({ pool }: { pool: string }) => recorded().some(each => each.id === pool);
}
