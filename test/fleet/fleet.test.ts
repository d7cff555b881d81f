import { describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { problems } from '../../src/fleet/problems.ts';
import type { Seen, Service, Workload } from '../../src/model/entity.ts';
import type { Happening } from '../../src/model/event.ts';
import type { Sink, Source } from '../../src/sources/source.ts';
import { directory, instance, node, pool, replica, service, workload } from '../helpers/nouns.ts';

/** A fleet with one source that does nothing by itself, and that source's sink. */
function fleetWithSink() {
  const fleet = new Fleet({ now: () => 1_000_000, everyMs: 0 });
  let sink!: Sink;
  const source: Source = {
    name: 'prod',
    kind: 'kubernetes',
    requests: 0,
    start: given => {
      sink = given;
    },
    stop: async () => {},
  };
  fleet.watch(source);
  return { fleet, sink };
}

const event = (change: Partial<Happening> = {}): Happening => ({
  key: 'k',
  at: 1,
  severity: 'warn',
  source: 'prod',
  about: null,
  subject: 'pod/x',
  reason: 'BackOff',
  message: 'again',
  ...change,
});

describe('lists', () => {
  it('remove what a complete list did not name, and only at its end', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([node('w1'), node('w2')]);
    const list = sink.list('node');
    list.put([node('w2')]);
    expect(fleet.all('node').size).toBe(2);
    list.end();
    expect([...fleet.all('node').values()].map(({ name }) => name)).toEqual(['w2']);
  });

  it('keep what came by another way while the list was under way', () => {
    const { fleet, sink } = fleetWithSink();
    const list = sink.list('node');
    sink.put([node('w9')]);
    list.end();
    expect(fleet.all('node').size).toBe(1);
  });

  it('are not fooled by a number that changed while they were under way', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([node('w1')]);
    const list = sink.list('node');
    sink.patch('node', 'prod/node/w1', { cpuUsedMillicores: 7 });
    list.end();
    expect(fleet.all('node').size).toBe(0);
  });

  it('that never end remove nothing', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([node('w1')]);
    sink.list('node').put([]);
    expect(fleet.all('node').size).toBe(1);
    expect(fleet.coverage('prod', 'node')).toBeUndefined();
  });

  it('speak only for their scope', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([replica('a', 'web'), replica('b', 'web', { id: 'prod/other/pod/b', namespace: 'other' })]);
    sink.list('replica', ({ namespace }) => namespace === 'saasodoo').end();
    expect([...fleet.all('replica').keys()]).toEqual(['prod/other/pod/b']);
  });
});

describe('judging', () => {
  it('looks at replicas again when their node is lost, and at the workload after them', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([node('w1'), workload('web', { ready: 1 }), replica('web-1', 'web')]);
    fleet.flush();
    expect(fleet.get('workload', 'prod/saasodoo/deployment/web')?.health).toBe('ok');
    sink.put([node('w1', { ready: false, state: 'not ready' })]);
    fleet.flush();
    expect(fleet.get('replica', 'prod/saasodoo/pod/web-1')?.health).toBe('bad');
    expect(fleet.get('workload', 'prod/saasodoo/deployment/web')?.health).toBe('warn');
  });

  it('sums over replicas what is known, and knows nothing over nothing', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([workload('web'), workload('idle'), replica('web-1', 'web', { restarts: 2, cpuUsedMillicores: 40 })]);
    sink.put([replica('web-2', 'web', { restarts: 3 })]);
    fleet.flush();
    expect(fleet.get('workload', 'prod/saasodoo/deployment/web')).toMatchObject({ restarts: 5, cpuUsedMillicores: 40 });
    expect(fleet.get('workload', 'prod/saasodoo/deployment/idle')).toMatchObject({
      restarts: null,
      cpuUsedMillicores: null,
    });
  });

  it('judges a workload again when its last bad replica goes', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([workload('web', { ready: 1 }), replica('web-1', 'web', { state: 'Error', ready: false })]);
    fleet.flush();
    expect(fleet.get('workload', 'prod/saasodoo/deployment/web')?.health).toBe('warn');
    sink.remove('replica', ['prod/saasodoo/pod/web-1']);
    fleet.flush();
    expect(fleet.get('workload', 'prod/saasodoo/deployment/web')?.health).toBe('ok');
  });

  it('counts a problem once, at the workload and not at each replica', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([workload('web', { ready: 0, wanted: 2 })]);
    sink.put([1, 2].map(n => replica(`web-${n}`, 'web', { state: 'CrashLoopBackOff', ready: false })));
    fleet.flush();
    expect(problems(fleet).map(({ name }) => name)).toEqual(['web']);
  });

  it('knows a problem until it is over or its noun is gone', () => {
    const { fleet, sink } = fleetWithSink();
    const told = () => problems(fleet).map(({ name }) => name);
    sink.put([workload('web', { ready: 0 }), workload('db', { ready: 0 })]);
    fleet.flush();
    expect(told()).toEqual(['web', 'db']);
    sink.put([workload('web')]);
    sink.remove('workload', ['prod/saasodoo/deployment/db']);
    fleet.flush();
    expect(told()).toEqual([]);
  });
});

describe('a tenant', () => {
  const tenant = (fleet: Fleet) => fleet.get('instance', 'postgres/instance/acme');

  it('is not well when its service is down, whatever the platform records, and well again when that is', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([workload('tenant-acme'), instance('acme')]);
    fleet.flush();
    expect(tenant(fleet)?.health).toBe('ok');
    sink.put([workload('tenant-acme', { ready: 0 })]);
    fleet.flush();
    expect(tenant(fleet)).toMatchObject({ health: 'bad', reason: expect.stringContaining('its service tenant-acme') });
    expect(problems(fleet).map(({ name }) => name)).toEqual(['tenant-acme']);
    sink.put([workload('tenant-acme')]);
    fleet.flush();
    expect(tenant(fleet)?.health).toBe('ok');
  });

  it('is not well when its pool is down or its directory is full', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([instance('acme', { uid: '3f9a12c4-0000' }), pool('pool-1')]);
    sink.put([pool('pool-1', { up: false, downReason: 'connection refused' })]);
    fleet.flush();
    expect(tenant(fleet)?.reason).toContain('connection refused');
    sink.put([pool('pool-1'), directory('data_acme_3f9a12c4', { usedBytes: 100, quotaBytes: 100 })]);
    fleet.flush();
    expect(tenant(fleet)?.reason).toContain('is full');
    sink.remove('directory', ['cephfs/dir/data_acme_3f9a12c4']);
    fleet.flush();
    expect(tenant(fleet)?.health).toBe('ok');
  });

  it('that is stopped on purpose is off, not bad', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([workload('tenant-acme', { wanted: 0, ready: 0 }), instance('acme', { status: 'stopped' })]);
    fleet.flush();
    expect(tenant(fleet)?.health).toBe('off');
  });
});

describe('a service of which no endpoint is ready', () => {
  const down = (name: string, change: Partial<Service> = {}) =>
    service(name, { endpoints: 2, endpointsReady: 0, selector: { app: 'shop' }, ...change });
  const told = (...nouns: Seen[]) => {
    const { fleet, sink } = fleetWithSink();
    sink.put(nouns);
    fleet.flush();
    return problems(fleet).map(({ kind, name }) => `${kind} ${name}`);
  };

  it('is a problem when nothing behind it is', () => {
    expect(told(down('web'))).toEqual(['service web']);
    expect(told(down('web'), workload('web'))).toEqual(['service web']);
    expect(told(down('web', { endpointsReady: 1 }))).toEqual([]);
    expect(told(down('web', { endpoints: 0 }))).toEqual([]);
  });

  it('is told at the workload that it leads to, by labels or by name, in its namespace', () => {
    const broken = (name: string, change: Partial<Workload> = {}) => workload(name, { ready: 0, ...change });
    expect(told(down('web'), broken('api', { labels: { app: 'shop' } }))).toEqual(['workload api']);
    expect(told(down('web'), broken('web-api'))).toEqual(['workload web-api']);
    expect(told(down('web-headless'), broken('web'))).toEqual(['workload web']);
    expect(told(down('web'), broken('webshop'))).toEqual(['workload webshop', 'service web']);
    expect(told(down('web'), broken('web', { namespace: 'other' }))).toEqual(['workload web', 'service web']);
  });

  it('is told at a pod of its own too', () => {
    const pod = replica('lone', 'x', { workload: null, labels: { app: 'shop' }, state: 'Error', ready: false });
    expect(told(down('web'), pod)).toEqual(['replica lone']);
  });
});

describe('notifying', () => {
  it('tells many changes once, and nothing when nothing changed', async () => {
    const { fleet, sink } = fleetWithSink();
    fleet.flush();
    const listener = vi.fn();
    fleet.subscribe(listener);
    for (let n = 0; n < 500; n++) sink.put([node(`w${n}`)]);
    await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(1));
    await new Promise(resolve => setImmediate(resolve));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('does not call a proof of life a change', () => {
    const { fleet, sink } = fleetWithSink();
    sink.state({ phase: 'live', proof: true });
    fleet.flush();
    const before = fleet.version('sources');
    sink.state({ phase: 'live', proof: true });
    expect(fleet.version('sources')).toBe(before);
  });
});

describe('the feed', () => {
  it('folds the same happening into one line with a count', () => {
    const { fleet, sink } = fleetWithSink();
    for (const at of [1, 2, 3]) sink.event(event({ at }));
    expect(fleet.feed.all()).toMatchObject([{ count: 3, firstAt: 1, at: 3 }]);
  });

  it('takes the count of a system that counts itself', () => {
    const { fleet, sink } = fleetWithSink();
    sink.event(event({ count: 14 }));
    sink.event(event({ count: 15 }));
    expect(fleet.feed.all()).toMatchObject([{ count: 15 }]);
  });

  it('tells the loss and the return of a source', () => {
    const { fleet, sink } = fleetWithSink();
    sink.state({ phase: 'live', proof: true });
    sink.state({ phase: 'stale', trouble: { what: 'ask', on: 'prod', why: 'no answer for 7 s', fix: null } });
    sink.state({ phase: 'live', proof: true, trouble: null });
    expect(fleet.feed.all().map(({ reason, severity }) => [reason, severity])).toEqual([
      ['stale', 'bad'],
      ['live', 'info'],
    ]);
  });

  it('is bounded', () => {
    const { fleet, sink } = fleetWithSink();
    for (let n = 0; n < 6_000; n++) sink.event(event({ key: String(n), at: n }));
    expect(fleet.feed.all()).toHaveLength(5_000);
    expect(fleet.feed.all()[0]?.at).toBe(1_000);
  });
});

describe('what a source sees again as it was', () => {
  it('is no change, and counts as seen by a list', () => {
    const { fleet, sink } = fleetWithSink();
    const labels = () => ({ app: 'odoo' });
    sink.put([node('w1'), workload('odoo'), replica('odoo-1', 'odoo', { labels: labels(), restarts: 3 })]);
    fleet.flush();
    const list = sink.list('replica');
    sink.put([node('w1'), workload('odoo')]);
    list.put([replica('odoo-1', 'odoo', { labels: labels(), restarts: 3, observedAt: 7 })]);
    const before = fleet.version('replica');
    list.end();
    fleet.flush();
    expect(fleet.named('replica', 'odoo-1')).toMatchObject([{ observedAt: 7, restarts: 3 }]);
    expect(fleet.named('workload', 'odoo')).toMatchObject([{ restarts: 3 }]);
    expect(fleet.changedSince('replica', before)).toEqual(new Set());
  });

  it('and was not judged yet is judged', () => {
    const { fleet, sink } = fleetWithSink();
    sink.put([node('w1', { ready: false })]);
    sink.put([node('w1', { ready: false })]);
    fleet.flush();
    expect(fleet.named('node', 'w1')).toMatchObject([{ health: 'bad' }]);
  });

  it.each([
    ['a number', { restarts: 4 }],
    ['a label', { labels: { app: 'web' } }],
    ['what is no longer known', { ip: null }],
  ])('but for %s is told', (_, change) => {
    const { fleet, sink } = fleetWithSink();
    const seen = { labels: { app: 'odoo' }, restarts: 3, ip: '10.0.0.1' };
    sink.put([replica('odoo-1', 'odoo', seen)]);
    fleet.flush();
    const before = fleet.version('replica');
    sink.put([replica('odoo-1', 'odoo', { ...seen, ...change })]);
    fleet.flush();
    expect(fleet.changedSince('replica', before)?.size).toBe(1);
  });
});

describe('what is known of a kind', () => {
  it('is news only where it differs', () => {
    const { fleet, sink } = fleetWithSink();
    const trouble = () => ({ what: 'list pods', on: 'prod', why: 'no answer', fix: null });
    const tells = (does: () => void) => {
      const before = fleet.version('sources');
      does();
      return fleet.version('sources') - before;
    };
    expect(tells(() => sink.coverage('replica', { state: 'complete' }))).toBe(1);
    expect(tells(() => sink.coverage('replica', { state: 'complete' }))).toBe(0);
    expect(tells(() => sink.list('replica').end())).toBe(0);
    expect(tells(() => sink.coverage('replica', { state: 'failed', trouble: trouble() }))).toBe(1);
    expect(tells(() => sink.coverage('replica', { state: 'failed', trouble: trouble() }))).toBe(0);
    expect(tells(() => sink.state({ phase: 'live', trouble: null, proof: true }))).toBe(1);
    expect(tells(() => sink.state({ phase: 'live', trouble: null, proof: true }))).toBe(0);
  });
});
