import { beforeEach, describe, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { KeyMap } from '../../src/keys/table.ts';
import type { Noun, Seen } from '../../src/model/entity.ts';
import { describe as describeNoun } from '../../src/screen/describe.ts';
import { why } from '../../src/screen/why.ts';
import type { Sink } from '../../src/sources/source.ts';
import { dateTime } from '../../src/text/format.ts';
import { directory, instance, node, pool, replica, workload } from '../helpers/nouns.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 3);
const MINUTE = 60_000;
let at: number;
let fleet: Fleet;
let sink: Sink;

beforeEach(() => {
  at = NOW;
  fleet = new Fleet({ now: () => at, everyMs: 0, thresholds: { nodeMemoryWarnPercent: 77 } });
  fleet.expect('prod', 'kubernetes');
  sink = fleet.sink('prod', 'kubernetes');
  sink.state({ phase: 'live', proof: true });
});

function told(seen: Seen, ...others: Seen[]): string {
  sink.put([seen, ...others]);
  fleet.flush();
  return whyNow(seen.id);
}

const whyLines = (id: string) =>
  why(fleet.find(id) as Noun, { fleet, now: fleet.now(), ascii: false }, new KeyMap({ exec: 'E' }));
const whyNow = (id: string) =>
  whyLines(id)
    .map(({ text }) => text)
    .join('\n');

describe('why', () => {
  it('holds the memory of a node against the thresholds of this profile, and says since when', () => {
    const text = told(node('w1', { memoryUsedBytes: 7 * 2 ** 30, stateSince: NOW - 12 * MINUTE }));
    expect(text).toContain('w1: memory at 87 %');
    expect(text).toMatch(/memory .*87 % {2}\(warns from 77 %, bad from 97 %\)/);
    expect(text).toContain(`${dateTime(NOW - 12 * MINUTE)} (12m ago), as the system says`);
  });

  it('tells in the details when what is used was measured, where a source knows', () => {
    const measuredAt = (kind: string) => (kind === 'node' ? NOW - MINUTE : null);
    fleet.watch({ name: 'prod', kind: 'kubernetes', requests: 0, start() {}, stop: async () => {}, measuredAt });
    told(node('w1'), workload('web'));
    const details = (id: string) =>
      describeNoun(fleet.find(id) as Noun, { fleet, now: at, ascii: false }).map(({ text }) => text);
    const usage = expect.stringMatching(/^usage +measured /);
    expect(details(node('w1').id).filter(text => text.startsWith('usage'))).toEqual([usage]);
    expect(details(node('w1').id).join('\n')).toContain(`measured ${dateTime(NOW - MINUTE)}`);
    expect(details(workload('web').id)).not.toContainEqual(usage);
  });

  it('tells in the details of a pool which databases take its connections', () => {
    const database = (name: string, connections: number | null, of = 'postgres/pool/pool-3'): Seen<'database'> => {
      const { id: _, ...base } = node(name);
      const { labels, observedAt, uid, version, createdAt } = base;
      const id = `postgres/${of}/database/${name}`;
      const own = { kind: 'database' as const, pool: of, sizeBytes: null, connections, tables: null };
      return { id, name, source: 'postgres', labels, observedAt, uid, version, createdAt, ...own };
    };
    const many = Array.from({ length: 12 }, (_, n) => database(`t_${n}`, n));
    told(pool('pool-3'), ...many, database('elsewhere', 99, 'postgres/pool/pool-4'), database('silent', null));
    const context = { fleet, now: fleet.now(), ascii: false };
    const lines = describeNoun(fleet.find('postgres/pool/pool-3') as Noun, context);
    const from = lines.findIndex(({ text }) => text === 'Connections by database') + 1;
    expect(lines[from]).toMatchObject({ text: '   11  t_11', link: 'postgres/postgres/pool/pool-3/database/t_11' });
    expect(lines.slice(from, from + 11).map(({ text }) => text.trim().split(/ +/)[0])).toEqual([
      '11',
      '10',
      '9',
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
      '2',
      'and',
    ]);
  });

  it('tells every reason, worst first, where the row has only the worst and a count', () => {
    const text = told(node('w1', { pressures: ['DiskPressure', 'PIDPressure'], memoryUsedBytes: 7.9 * 2 ** 30 }));
    expect(fleet.find('prod/node/w1')?.reason).toBe('memory at 98 % (+2 more)');
    expect(text.split('\n').slice(0, 3)).toEqual(['w1: memory at 98 %', 'and DiskPressure', 'and PIDPressure']);
    const details = describeNoun(fleet.find('prod/node/w1') as Noun, { fleet, now: fleet.now(), ascii: false });
    expect(details.slice(0, 3).map(({ text, tone }) => [text.replace(/ +/, ' '), tone])).toEqual([
      ['health bad: memory at 98 %', 'bad'],
      ['and warn: DiskPressure', 'warn'],
      ['and warn: PIDPressure', 'warn'],
    ]);
    told(node('w1', { pressures: ['DiskPressure'] }));
    expect(fleet.find('prod/node/w1')?.reason).toBe('DiskPressure');
  });

  it('tells the three counts of a pool and its connections', () => {
    const text = told(pool('pool-3', { connections: 93, maxConnections: 100, recorded: 7, assigned: 6, present: 5 }));
    expect(text).toMatch(/conn +93\/100 {2}\(warns from 80 %, bad from 95 %\)/);
    expect(text).toMatch(/recorded +7/);
    expect(text).toMatch(/assigned +6/);
    expect(text).toMatch(/really there +5/);
  });

  it('names the databases of a pool that are missing or not recorded', () => {
    const missing = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => `t_${name}`);
    const text = told(pool('pool-3', { recorded: 7, assigned: 7, present: 1, missing, unrecorded: ['t_x'] }));
    expect(text).toMatch(/missing +t_a, t_b, t_c, t_d, t_e and 2 more$/m);
    expect(text).toMatch(/not recorded +t_x$/m);
    const even = told(pool('pool-4', { recorded: 1, assigned: 1, present: 1, missing: ['t_a'], unrecorded: ['t_x'] }));
    expect(even).toMatch(/^pool-4: drift: t_a missing, t_x not recorded$/m);
    const well = told(pool('pool-5'));
    expect(well).not.toMatch(/^(missing|not recorded)/m);
  });

  it('tells used, quota and entries of a directory', () => {
    const text = told(
      directory('globex', { usedBytes: 98 * 2 ** 30, quotaBytes: 100 * 2 ** 30, entries: 90, quotaFiles: 1000 }),
    );
    expect(text).toMatch(/used +98G/);
    expect(text).toMatch(/quota +100G/);
    expect(text).toMatch(/entries +90$/m);
    expect(text).toMatch(/file quota +9 % of 1000 {2}\(warns from 80 %/);
  });

  it('tells what the newest pods of a workload died of, and when', () => {
    const text = told(
      workload('web', { ready: 0 }),
      replica('web-1', 'web', {
        ready: false,
        state: 'CrashLoopBackOff',
        message: 'back-off 5m0s',
        exitCode: 137,
        restarts: 14,
        lastRestartAt: NOW - 3 * MINUTE,
      }),
    );
    expect(text).toMatch(/ready +0\/1/);
    expect(text).toMatch(/exit code +137/);
    expect(text).toMatch(/restarts +14/);
    expect(text).toMatch(/last restart .*\(3m ago\)/);
    expect(text).toMatch(/message +back-off 5m0s/);
  });

  it('holds nothing against a limit that is not set', () => {
    const text = told(directory('globex', { usedBytes: 1, quotaBytes: null, entries: 9, quotaFiles: null }));
    expect(text).toMatch(/file quota +none$/m);
    expect(text).not.toContain('warns from');
  });

  it('takes the first event that tells of it, where nothing else says since when', () => {
    const event = { key: 'e', severity: 'bad', source: 'prod', subject: 'pod/web', reason: 'BackOff' } as const;
    sink.event({ ...event, at: NOW - 30 * MINUTE, about: 'prod/saasodoo/deployment/web', message: 'a' });
    sink.event({ ...event, at: NOW - MINUTE, about: 'prod/saasodoo/deployment/web', message: 'a' });
    const rollout = { ...event, key: 'r', severity: 'info', reason: 'ScalingReplicaSet' } as const;
    sink.event({ ...rollout, at: NOW - 60 * MINUTE, about: 'prod/saasodoo/deployment/web', message: 'well' });
    expect(told(workload('web', { ready: 0 }))).toContain('(30m ago), the first event that tells of it');
  });

  it('stops counting when its source is not heard of', () => {
    told(node('w1', { ready: false, state: 'not ready', stateSince: NOW - 12 * MINUTE }));
    sink.state({ phase: 'stale' });
    at += 60 * MINUTE;
    expect(whyNow('prod/node/w1')).toContain('(≥ 12m ago)');
  });

  it('names the next steps where the database of a tenant is not in its pool, from each noun that shows it', () => {
    const acme = instance('Acme', { databaseName: 'acme', serviceName: 'odoo-acme', pool: 'postgres/pool/pool-1' });
    const backup = (name: string, hours: number, databaseBytes: number): Seen<'backup'> => {
      const { kind: _, ...base } = directory(name);
      const { labels, observedAt, uid, version, createdAt, source } = base;
      const common = { id: `cephfs/backup/${name}`, name, source, labels, observedAt, uid, version, createdAt };
      const takenAt = NOW - hours * 60 * MINUTE;
      return {
        ...common,
        kind: 'backup',
        databaseName: 'acme',
        takenAt,
        writtenAt: null,
        path: null,
        databaseBytes,
        dataBytes: 1,
      };
    };
    const lacking = pool('pool-1', { missing: ['odoo_acme'], unrecorded: ['odoo_acmee'] });
    const server = workload('pool-1');
    const service = workload('odoo-acme', { ready: 0 });
    const pod = replica('odoo-acme-1', 'odoo-acme', { ready: false });
    told(acme, lacking, server, service, pod, backup('acme_empty', 2, 0), backup('acme_good', 9, 2 ** 20));
    for (const { id } of [acme, lacking, service, pod]) {
      const lines = whyLines(id);
      const from = lines.findIndex(({ text }) => text === 'What next: odoo_acme is not there');
      expect(lines.slice(from + 1, from + 5).map(({ text, link }) => [text.replace(/ {2,}/, ': '), link])).toEqual([
        ['look: pool-1 lacks odoo_acme; of no tenant there: odoo_acmee', lacking.id],
        ['backup: acme_good, 1.0M, 9h old', 'cephfs/backup/acme_good'],
        ['restore: no action does it; by hand, with psql in pool-1: E here opens a shell there', server.id],
        ['then: r here starts odoo-acme anew', service.id],
      ]);
    }
    expect(whyNow(server.id)).not.toContain('What next');
    expect(told(pool('pool-1', { missing: [] }))).not.toContain('What next');
  });
});
