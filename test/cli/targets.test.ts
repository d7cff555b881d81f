import { beforeAll, expect, it } from 'vitest';
import { targetOf } from '../../src/cli/targets.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { directory, node, workload } from '../helpers/nouns.ts';

const fleet = new Fleet();
beforeAll(() => {
  fleet.sink('prod', 'kubernetes').put([node('vps-1'), workload('web')]);
  fleet.sink('old', 'swarm').put([node('vps-1', { id: 'old/node/vps-1', source: 'old', system: 'swarm' })]);
  fleet.sink('cephfs', 'cephfs').put([directory('postgres_pools/pool-1')]);
  fleet.flush();
});

const named = (word: string, isFit?: (noun: { id: string }) => boolean) =>
  targetOf(word, ['node', 'workload', 'directory'], fleet, null, isFit).id;

it('takes of several that are called so the only one that is fit', () => {
  expect(named('vps-1', ({ id }) => id.startsWith('old/'))).toBe('old/node/vps-1');
  expect(() => named('vps-1')).toThrow('names 2: prod/node/vps-1, old/node/vps-1');
  expect(() => named('vps-1', () => false)).toThrow('names 2');
});

it('takes the only one that is called so, fit or not: why not is for the verb to say', () => {
  expect(named('web', () => false)).toBe('prod/saasodoo/deployment/web');
});

it('takes a name that holds what else stands behind a kind', () => {
  expect(named('postgres_pools/pool-1')).toBe('cephfs/dir/postgres_pools/pool-1');
  expect(named('deployment/web')).toBe('prod/saasodoo/deployment/web');
});
