import { beforeEach, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { actedUpon } from '../../src/screen/acted-upon.ts';
import type { Sink } from '../../src/sources/source.ts';
import { instance, pool, replica, workload } from '../helpers/nouns.ts';

let fleet: Fleet;
let sink: Sink;
const named = (id: string) => actedUpon(fleet.find(id)!, fleet)?.name;

beforeEach(() => {
  fleet = new Fleet({ now: () => 1_000_000 });
  sink = fleet.sink('prod', 'kubernetes');
});

it('is the service of an instance and of a pool, and else the thing itself', () => {
  const [acme, first, service] = [instance('acme'), pool('pool-1'), workload('tenant-acme')];
  sink.put([acme, first]);
  expect([named(acme.id), named(first.id)]).toEqual(['acme', 'pool-1']);
  sink.put([service, workload('pool-1'), replica('tenant-acme-1', 'tenant-acme')]);
  expect(actedUpon(fleet.find(acme.id)!, fleet)).toBe(fleet.find(service.id));
  expect(actedUpon(fleet.find(first.id)!, fleet)?.kind).toBe('workload');
  expect(named('prod/saasodoo/pod/tenant-acme-1')).toBe('tenant-acme-1');
  // Which of two is meant, nobody can tell.
  sink.put([workload('tenant-acme', { id: 'swarm/service/tenant-acme', source: 'swarm', system: 'swarm' })]);
  expect(actedUpon(fleet.find(acme.id)!, fleet)?.kind).toBe('instance');
});

it('is what an event is about, as long as it is there', () => {
  const event = { id: 'e', key: 'e', at: 1, firstAt: 1, count: 1, severity: 'bad' as const, source: 'prod' };
  const told = { ...event, subject: 'pod/web-1', reason: 'BackOff', message: 'again' };
  sink.put([replica('web-1', 'web')]);
  expect(actedUpon({ ...told, about: 'prod/saasodoo/pod/web-1' }, fleet)?.name).toBe('web-1');
  expect(actedUpon({ ...told, about: 'prod/saasodoo/pod/web-2' }, fleet)).toBeUndefined();
  expect(actedUpon({ ...told, about: null }, fleet)).toBeUndefined();
});
