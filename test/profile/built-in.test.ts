import { describe, expect, test } from 'vitest';
import { createSource } from '../../src/profile/create-source.ts';
import { parseProfile } from '../../src/profile/load.ts';
import { builtInText } from '../../src/profile/read.ts';
import { profileJsonSchema } from '../../src/profile/schema.ts';

describe('the built-in profile', () => {
  test('laid under a file: merged by key, lists replaced, null takes away', () => {
    const profile = parseProfile(
      `
extends: saasodoo
title: saasodoo · production
variables: { domain: example.org }
sources:
  swarm: null
  kubernetes: { context: prod }
  cephfs: { directories: [odoo_instances/*] }
`,
      'production.yaml',
    );
    expect(profile).toMatchObject({ name: 'production', title: 'saasodoo · production', namespace: 'saasodoo' });
    expect(Object.keys(profile.sources).sort()).toEqual([
      'cephfs',
      'host',
      'http',
      'kubernetes',
      'mariadb',
      'postgres',
    ]);
    expect(profile.sources).toMatchObject({
      kubernetes: { kind: 'kubernetes', context: 'prod' },
      cephfs: {
        mount: '/mnt/cephfs',
        directories: ['odoo_instances/*'],
        backups: { directory: 'odoo_backups/active' },
      },
      postgres: { tenantPrefix: 'odoo_', pools: { credentials: 'table' } },
    });
    const { http } = profile.sources;
    if (http?.kind !== 'http') throw new Error('no checks');
    expect(http.checks.map(({ url }) => url)).toContain('http://api.example.org/database/health');
  });

  test('one variable names the cluster for all that is reached through it; without it none is named', () => {
    const contexts = (variables: string) => {
      const { kubernetes, postgres } = parseProfile(`extends: saasodoo\nvariables: ${variables}`, 'x.yaml').sources;
      return JSON.stringify([kubernetes, postgres]).match(/"context":"[^"]*"/g) ?? [];
    };
    expect(contexts('{ domain: x.org, context: prod }')).toEqual(Array(3).fill('"context":"prod"'));
    expect(contexts('{ domain: x.org }')).toEqual([]);
  });

  test('its pattern reads the names of backups', () => {
    const { cephfs } = parseProfile('extends: saasodoo\nvariables: {domain: x.org}', 'x.yaml').sources;
    if (cephfs?.kind !== 'cephfs' || !cephfs.backups) throw new Error('no backups');
    const pattern = new RegExp(cephfs.backups.pattern);
    expect(pattern.exec('acme_2_20261123_020011_data.tar.gz')?.groups).toEqual({
      database: 'acme_2',
      taken: '20261123_020011',
      part: 'data',
    });
    expect(pattern.exec('acme_20261123_020011_database.sql')?.groups).toMatchObject({ part: 'database' });
    expect(pattern.test('acme_20261123_020011_metadata.json')).toBe(false);
  });

  test('alone it says what it needs', () => {
    const { text, file } = builtInText('saasodoo')!;
    expect(() => parseProfile(text, file)).toThrow(
      /^built-in profile saasodoo:.*no variable "domain" is set; set it with "variables: \{domain: …\}"/,
    );
    expect(builtInText('none')).toBeNull();
  });

  test('without its variable, the line of extends is named', () => {
    expect(() => parseProfile('title: x\nextends: saasodoo\n', 'x.yaml')).toThrow(
      /^x\.yaml:2: extends no variable "domain"/,
    );
  });
});

/** A platform with other names, other systems and other paths throughout. */
const ANOTHER = `
title: Wiki farm
namespace: wikis
sources:
  k3s: { kind: kubernetes, kubeconfig: /etc/farm/k3s.yaml, context: farm, namespaces: [wikis, infra] }
  docker: { kind: swarm, host: "ssh://ops@manager.farm.test" }
  records:
    kind: postgres
    platform:
      host: records.farm.test
      user: reader
      password: { env: RECORDS_PASSWORD }
      database: farm
      tables: { servers: farm.hosts, instances: farm.wikis }
    tenantPrefix: wiki_
  home: { kind: cephfs, mount: /srv/home, directories: ["wikis/*"], reader: { ssh: storage-1 }, ceph: false }
  front: { kind: http, checks: [{ name: proxy, url: "https://farm.test/alive", expectStatus: 204 }] }
  here: { kind: host, disk: /srv }
thresholds: { quotaWarnPercent: 60, backupAgeWarnHours: 200 }
`;

test('another platform needs nothing of it', async () => {
  const profile = parseProfile(ANOTHER, 'farm.yaml');
  expect(JSON.stringify(profile)).not.toMatch(/odoo/i);
  for (const [name, options] of Object.entries(profile.sources)) {
    expect(await createSource(name, options)).toMatchObject({ name, kind: options.kind, requests: 0 });
  }
});

test('the JSON Schema for editors knows every key of it', () => {
  const schema = JSON.stringify(profileJsonSchema());
  for (const key of ['kubeconfig', 'tenantPrefix', 'expectStatus', 'directories', 'quotaWarnPercent', 'next-problem']) {
    expect(schema).toContain(`"${key}"`);
  }
});
