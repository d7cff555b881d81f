import { describe, expect, it } from 'vitest';
import { backupStamp, bytesOf, lastNight, shapeOf } from '../../src/demo/shape.ts';

describe('shapeOf', () => {
  it('gives the same platform for the same seed, another for another', () => {
    expect(shapeOf({ seed: 7 })).toEqual(shapeOf({ seed: 7 }));
    expect(shapeOf({ seed: 7 }).instances[0]?.id).not.toBe(shapeOf({ seed: 8 }).instances[0]?.id);
  });

  it('is three machines, each a node of both systems, and three pools of 100 connections', () => {
    const { nodes, pools } = shapeOf();
    expect(nodes.map(({ name, kubernetes, swarm }) => [name, kubernetes, swarm])).toEqual([
      ['vps-1', 'server', 'manager'],
      ['vps-2', 'agent', 'worker'],
      ['vps-3', 'agent', 'worker'],
    ]);
    expect(pools.map(pool => pool.maxConnections)).toEqual([100, 100, 100]);
  });

  it('has 40 tenants with unique names on both systems, each in one of three pools', () => {
    const { instances, pools } = shapeOf();
    expect(new Set(instances.map(instance => instance.serviceName)).size).toBe(40);
    expect(new Set(instances.map(instance => instance.system))).toEqual(new Set(['kubernetes', 'swarm']));
    for (const instance of instances) expect(pools.map(pool => pool.name)).toContain(instance.poolName);
  });

  it('has its troubles by default and none when calm', () => {
    const counts = (calm: boolean) => {
      const { nodes, instances, pools, backups } = shapeOf({ calm });
      return {
        nodes: nodes.filter(node => node.trouble).length,
        full: instances.filter(instance => instance.usedBytes > 0.95 * instance.storageLimitBytes).length,
        errors: instances.filter(instance => instance.status === 'error').length,
        drifts: pools
          .filter(pool => {
            const assigned = instances.filter(instance => instance.poolName === pool.name).length;
            return pool.recorded !== assigned || pool.databases.length !== assigned;
          })
          .map(pool => pool.name),
        busy: pools.filter(pool => pool.connections >= 0.9 * pool.maxConnections).length,
        emptyBackups: backups.filter(backup => backup.dataBytes === 0).length,
      };
    };
    expect(counts(true)).toEqual({ nodes: 0, full: 0, errors: 0, drifts: [], busy: 0, emptyBackups: 0 });
    expect(counts(false)).toEqual({
      nodes: 2,
      full: 1,
      errors: 1,
      drifts: ['postgres-pool-1', 'postgres-pool-2'],
      busy: 1,
      emptyBackups: 1,
    });
  });
});

describe('times and sizes', () => {
  it('names the last night that is over', () => {
    expect(backupStamp(lastNight(Date.UTC(2026, 10, 23, 14, 3)) + 11_000)).toBe('20261123_020011');
    expect(backupStamp(lastNight(Date.UTC(2026, 10, 23, 2, 30)))).toBe('20261122_020000');
  });

  it('reads sizes, and refuses what is none', () => {
    expect(bytesOf('10G')).toBe(10 * 2 ** 30);
    expect(() => bytesOf('much')).toThrow('not a size');
  });
});
