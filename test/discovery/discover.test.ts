import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultProfile, profileOf } from '../../src/discovery/default-profile.ts';
import { discover } from '../../src/discovery/discover.ts';
import { isSomething } from '../../src/discovery/found.ts';
import { ProfileSchema } from '../../src/profile/schema.ts';

let folder: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-find-'));
  // The Kubernetes client reads its own process's environment.
  vi.stubEnv('KUBECONFIG', join(folder, 'kubeconfig'));
  vi.stubEnv('HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  }
  rmSync(folder, { recursive: true });
});

const kubeconfig = (text: string) => writeFileSync(join(folder, 'kubeconfig'), text);
const CONTEXTS = `
apiVersion: v1
kind: Config
current-context: prod
clusters:
- { name: a, cluster: { server: "https://192.0.2.1:6443" } }
contexts:
- { name: prod, context: { cluster: a, user: ops, namespace: shop } }
- { name: "arn:aws/other cluster", context: { cluster: a, user: ops } }
users:
- { name: ops, user: { token: hunter2 } }
`;

/** An engine on a socket that answers /info so; with no answer it says nothing at all. */
async function engine(swarm: object | null): Promise<string> {
  const path = join(folder, 'docker.sock');
  const server = createServer((_, response) => {
    if (swarm) response.end(JSON.stringify({ Swarm: swarm }));
  });
  servers.push(server);
  await new Promise<void>(done => server.listen(path, done));
  return `unix://${path}`;
}

function look(env: Record<string, string> = {}, mounts = '', deadlineMs = 5_000) {
  const mountinfo = join(folder, 'mountinfo');
  writeFileSync(mountinfo, mounts);
  const own = { HOME: folder, DOCKER_CONFIG: join(folder, 'docker'), DOCKER_HOST: `unix://${folder}/none.sock` };
  return discover({ env: { ...own, KUBECONFIG: join(folder, 'kubeconfig'), ...env }, mountinfo, deadlineMs });
}
const titles = (findings: Awaited<ReturnType<typeof discover>>) => findings.found.map(({ title }) => title);

test('the contexts of a kubeconfig, the current one as the default, its namespace first, and no secret', async () => {
  kubeconfig(CONTEXTS);
  const { found } = await look();
  const contexts = found.filter(({ kind }) => kind === 'kubernetes');
  expect(contexts).toMatchObject([
    {
      name: 'kubernetes',
      title: 'Kubernetes context prod',
      isDefault: true,
      namespace: 'shop',
      options: { context: 'prod' },
    },
    { name: 'arn-aws-other-cluster', isDefault: false, options: { context: 'arn:aws/other cluster' } },
  ]);
  expect(contexts[1]).not.toHaveProperty('namespace');
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

describe('an engine', () => {
  test('a manager of a swarm', async () => {
    const host = await engine({ LocalNodeState: 'active', ControlAvailable: true, Nodes: 3 });
    const { found, passed } = await look({ DOCKER_HOST: host });
    expect(found.find(({ kind }) => kind === 'swarm')).toMatchObject({
      title: `Docker Swarm at ${host}`,
      note: 'DOCKER_HOST · 3 nodes',
      options: { kind: 'swarm', host },
      isDefault: true,
    });
    expect(passed.filter(sentence => /engine/.test(sentence))).toEqual([]);
  });

  test.each([
    [{ LocalNodeState: 'inactive' }, /belongs to no swarm/],
    [{ LocalNodeState: 'active', ControlAvailable: false }, /is a worker/],
  ])('%j is passed over, and that is told', async (swarm, told) => {
    const { found, passed } = await look({ DOCKER_HOST: await engine(swarm) });
    expect(found.some(({ kind }) => kind === 'swarm')).toBe(false);
    expect(passed).toContainEqual(expect.stringMatching(told));
  });

  test('one that is named and silent stays: a lost swarm is no absent one', async () => {
    const { found } = await look({ DOCKER_HOST: await engine(null) }, '', 400);
    expect(found.find(({ kind }) => kind === 'swarm')).toMatchObject({
      note: 'DOCKER_HOST · no answer',
      isDefault: true,
    });
  });

  test('one behind ssh is not asked', async () => {
    const { found } = await look({ DOCKER_HOST: 'ssh://ops@manager.test' });
    expect(found.find(({ kind }) => kind === 'swarm')).toMatchObject({ note: 'DOCKER_HOST · by ssh, not asked yet' });
  });

  test('the context of the docker command is pinned by its name', async () => {
    const { createHash } = await import('node:crypto');
    const meta = join(folder, 'docker', 'contexts', 'meta', createHash('sha256').update('prod').digest('hex'));
    mkdirSync(meta, { recursive: true });
    const host = await engine({ LocalNodeState: 'active', ControlAvailable: true });
    writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: 'prod', Endpoints: { docker: { Host: host } } }));
    const { found } = await look({ DOCKER_HOST: '', DOCKER_CONTEXT: 'prod' });
    expect(found.find(({ kind }) => kind === 'swarm')?.options).toEqual({ kind: 'swarm', context: 'prod' });
  });
});

test('PG* variables, each host a pool, the password by the name of its variable', async () => {
  const { found } = await look({ PGHOST: 'db1,db2', PGUSER: 'ops', PGPASSWORD: 'hunter2' });
  expect(found.find(({ kind }) => kind === 'postgres')).toMatchObject({
    title: 'PostgreSQL at db1, db2 as ops',
    isDefault: true,
  });
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('CephFS mounts, from the kernel’s list alone', async () => {
  const mounts = [
    '36 25 0:40 / /mnt/cephfs rw - ceph ops@1b5c.saasodoo_fs=/ rw,name=ops',
    '37 25 0:41 / /srv/two rw - fuse.ceph-fuse ceph-fuse rw',
    '38 25 8:1 / / rw - ext4 /dev/sda1 rw',
  ].join('\n');
  const { found } = await look({}, mounts);
  expect(found.filter(({ kind }) => kind === 'cephfs')).toMatchObject([
    { name: 'cephfs', title: 'CephFS at /mnt/cephfs', note: 'file system saasodoo_fs' },
    { name: 'cephfs-2', title: 'CephFS at /srv/two', note: null },
  ]);
});

test('a machine with nothing on it', async () => {
  vi.stubEnv('KUBECONFIG', '');
  const findings = await look({ KUBECONFIG: '', DOCKER_HOST: '', DOCKER_CONTEXT: '' });
  expect(findings.found.filter(({ kind }) => kind !== 'swarm').filter(isSomething)).toEqual([]);
  expect(findings.found.at(-1)?.kind).toBe('host');
});

test('what is broken keeps nothing else from being found, and is told', async () => {
  kubeconfig('contexts: [');
  const { found, passed } = await look({ PGHOST: 'db1', DOCKER_HOST: 'gopher://x' });
  expect(found.map(({ kind }) => kind)).toEqual(['postgres', 'host']);
  expect(passed).toEqual([
    expect.stringMatching(/read the kubeconfig/),
    expect.stringMatching(/cannot read the address/),
  ]);
});

describe('the platform without a profile', () => {
  test('takes what the systems’ own commands would take', async () => {
    kubeconfig(CONTEXTS);
    const findings = await look({ PGHOST: 'db1' });
    const taken = defaultProfile(findings.found.filter(({ kind }) => kind !== 'swarm'));
    expect(Object.keys(taken?.profile.sources ?? {})).toEqual(['kubernetes', 'postgres', 'host']);
    expect(taken?.profile.namespace).toBe('shop');
    expect(taken?.told).toEqual([
      'Kubernetes context prod (https://192.0.2.1:6443 · current context)',
      'PostgreSQL at db1 (PGHOST)',
    ]);
  });

  test('is none where there is only the machine', async () => {
    expect(defaultProfile((await look()).found.filter(({ kind }) => kind === 'host'))).toBeNull();
  });

  test('everything that is found makes a profile that holds', async () => {
    kubeconfig(CONTEXTS);
    const { found } = await look({ PGHOST: 'db1,db1', PGUSER: 'x' }, '1 2 3 / /mnt/c rw - ceph a@b.c=/ rw');
    expect(ProfileSchema.safeParse(profileOf(found, 'all')).error).toBeUndefined();
    expect(titles({ found, passed: [] })).toHaveLength(new Set(found.map(({ name }) => name)).size);
  });
});
