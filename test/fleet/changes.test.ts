import { describe, expect, it } from 'vitest';
import { Changes } from '../../src/fleet/changes.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { node, replica, workload } from '../helpers/nouns.ts';

describe('changes', () => {
  it('are told once each, from where a reader stopped', () => {
    const changes = new Changes();
    changes.add('a');
    const { version } = changes;
    for (const id of ['b', 'c', 'b']) changes.add(id);
    expect([...(changes.since(version) ?? [])]).toEqual(['b', 'c']);
    expect(changes.since(changes.version)?.size).toBe(0);
  });

  it('that are too long ago are said to be unknown, not none', () => {
    const changes = new Changes();
    changes.add('first');
    const { version } = changes;
    for (let n = 0; n < 10_000; n++) changes.add(`${n}`);
    expect(changes.version).toBe(10_001);
    expect(changes.since(version)).toBeNull();
    expect([...(changes.since(9_999) ?? [])]).toEqual(['9998', '9999']);
  });
});

describe('a fleet', () => {
  const told = (fleet: Fleet, change: () => void) => {
    fleet.flush();
    const before = { workload: fleet.version('workload'), replica: fleet.version('replica') };
    change();
    fleet.flush();
    return {
      workload: [...(fleet.changedSince('workload', before.workload) ?? [])],
      replica: [...(fleet.changedSince('replica', before.replica) ?? [])],
    };
  };
  const fleet = new Fleet();
  const sink = fleet.sink('prod', 'kubernetes');
  sink.put([node('w1'), workload('web'), workload('db'), replica('web-1', 'web'), replica('db-1', 'db')]);
  const web = { workload: ['prod/saasodoo/deployment/web'], replica: ['prod/saasodoo/pod/web-1'] };

  it('tells that a workload changes with its replicas', () => {
    expect(told(fleet, () => sink.put([replica('web-1', 'web', { restarts: 3 })]))).toEqual(web);
    expect(told(fleet, () => sink.patch('replica', web.replica[0]!, { cpuUsedMillicores: 9 }))).toEqual(web);
    expect(told(fleet, () => sink.remove('replica', web.replica))).toEqual(web);
  });

  it('tells of what is judged anew because of another noun', () => {
    sink.put([replica('db-1', 'db', { node: 'prod/node/w1' })]);
    const { workload, replica: replicas } = told(fleet, () => sink.put([node('w1', { ready: false })]));
    expect(workload).toEqual(['prod/saasodoo/deployment/db']);
    expect(replicas).toEqual(['prod/saasodoo/pod/db-1']);
  });
});
