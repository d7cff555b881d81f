import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ProfileSchema, type SourceInput } from '../../src/profile/schema.ts';
import { BED, down, up } from '../testbed/bed.ts';
import type { Hand, SoakBed } from './bed.ts';
import { faultsOf } from './faults.ts';

type Env = Record<string, string>;

const STACK = 'soak';
const STACK_FILE = join(import.meta.dirname, '../contract/swarm-stack.yaml');
/** Each part's variable that names its ctl.sh. */
const CTL: Readonly<Record<string, string>> = {
  kubernetes: 'QD_KUBERNETES_CTL',
  swarm: 'QD_SWARM_CTL',
  ceph: 'QD_CEPH_CTL',
  databases: 'QD_DATABASES_CTL',
};
/** Parts whose ctl.sh ends every fault at once. */
const HEALED = ['ceph', 'databases'];

/**
 * The test bed. What is up already stays up at the end. `folder`: for files with passwords, which is its caller's to remove.
 * Rejects when a part does not come up; `close` then has to be called all the same, which `opened` makes possible.
 */
export async function realBed(parts: readonly string[], folder: string, opened: (bed: SoakBed) => void): Promise<void> {
  const found = parts.filter(part => existsSync(join(BED, part, 'env')));
  const hands: Record<string, Hand> = {};
  const bed: SoakBed = {
    sources: {},
    env: {},
    rows: [],
    hands,
    told: [],
    heal: async () => {
      await Promise.all(HEALED.filter(part => hands[part]).map(part => hands[part]?.(['heal'])));
    },
    close: async () => {
      if (hands.swarm && found.includes('swarm')) await hands.swarm(['docker', '1', 'stack', 'rm', STACK]);
      await Promise.all(parts.filter(part => !found.includes(part)).map(down));
    },
  };
  opened(bed);
  const standings = await Promise.all(parts.map(up));
  for (const standing of standings) {
    if (standing.state !== 'up') throw new Error(`${standing.part}: ${standing.why}`);
    const { part, env } = standing;
    Object.assign(bed.env, env);
    hands[part] = handOf(env[CTL[part] ?? ''] ?? '');
  }
  if (hands.swarm)
    await hands.swarm(['docker', '1', 'stack', 'deploy', '--resolve-image', 'never', '-c', STACK_FILE, STACK]);
  const netem = await hasNetem();
  if (parts.includes('swarm') && !netem)
    bed.told.push('not run: slow links by tc netem: the kernel has no sch_netem (the links of the program are slowed)');
  bed.rows.push(...parts.flatMap(faultsOf).filter(({ does }) => netem || !does.startsWith('slow ')));
  const input = await profileOf(bed.env, folder);
  bed.sources = ProfileSchema.parse({ sources: input }).sources;
}

function handOf(script: string): Hand {
  const kept = ['PATH', 'HOME', 'BED_CACHE', 'BED_CEPH_PORT', 'BED_DATABASES_PORT'];
  const env = { BED, ...Object.fromEntries(kept.map(name => [name, process.env[name]])) };
  return async words => {
    // Of its own group: a Ctrl-C for the soak must not end half a fault. What it starts stays, and may keep its pipes.
    const options = { env, extendEnv: false, detached: true, reject: false, stdin: 'ignore', all: true } as const;
    const { exitCode, all, timedOut } = await execa(script, words, { ...options, timeout: 180_000 });
    if (timedOut) throw new Error('it does not end');
    if (exitCode !== 0) throw new Error(all.trim().split('\n').at(-1) || `it ended with ${exitCode}`);
  };
}

async function hasNetem(): Promise<boolean> {
  const argv = ['--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'];
  return (await execa('unshare', argv, { reject: false, stdin: 'ignore' })).exitCode === 0;
}

/** A source for all that the bed has. */
async function profileOf(env: Env, folder: string): Promise<Record<string, SourceInput>> {
  const { QD_KUBECONFIG, QD_DOCKER_HOST, QD_PG, QD_MARIADB, QD_CEPHFS_MOUNT, QD_CEPH_USER } = env;
  const secret = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, decodeURIComponent(text), { mode: 0o600 });
    return { file };
  };
  const sources: Record<string, SourceInput> = {};
  if (QD_KUBECONFIG) sources.kubernetes = { kind: 'kubernetes', kubeconfig: QD_KUBECONFIG };
  if (QD_DOCKER_HOST) sources.swarm = { kind: 'swarm', host: QD_DOCKER_HOST };
  if (QD_PG) {
    const url = new URL((await readFile(QD_PG, 'utf8')).trim());
    sources.postgres = {
      kind: 'postgres',
      platform: {
        host: url.hostname,
        port: Number(url.port),
        user: url.username,
        password: await secret('postgres', url.password),
        database: url.pathname.slice(1),
      },
      pools: { via: 'direct', from: 'table', credentials: 'table' },
      tenantPrefix: 'odoo_',
    };
  }
  if (QD_MARIADB) {
    const url = new URL((await readFile(QD_MARIADB, 'utf8')).trim());
    const password = await secret('mariadb', url.password);
    const server = { host: url.hostname, port: Number(url.port), user: url.username, password };
    sources.mariadb = { kind: 'mariadb', servers: { 'killbill-db': server } };
  }
  if (QD_CEPHFS_MOUNT) {
    const parents = readdirSync(QD_CEPHFS_MOUNT, { withFileTypes: true }).filter(each => each.isDirectory());
    sources.cephfs = {
      kind: 'cephfs',
      mount: QD_CEPHFS_MOUNT,
      directories: parents.map(({ name }) => `${name}/*`),
      ...(QD_CEPH_USER && { ceph: { command: ['ceph', '-n', QD_CEPH_USER] } }),
    };
  }
  return sources;
}
