import { readFile, writeFile } from 'node:fs/promises';
import type { NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { SourceOptions } from '../../src/profile/schema.ts';
import type { SoakBed } from './bed.ts';
import { faultsOfLink } from './faults.ts';
import { type Link, type LinkState, openLink } from './link.ts';

/** The same sources, reached through links that can be slowed, silenced and cut, where one address is all of it. */
export async function throughLinks(
  bed: SoakBed,
  folder: string,
): Promise<Pick<SoakBed, 'sources' | 'rows' | 'hands' | 'heal' | 'close'>> {
  const links = new Map<string, Link>();
  const sources: Record<string, SourceOptions> = {};
  for (const [name, options] of Object.entries(bed.sources)) {
    const to = await addressOf(options, bed);
    const link = to && (await openLink(to));
    if (link) links.set(name, link);
    sources[name] = link ? await rerouted(options, link.port, folder) : options;
  }
  const turn = async ([name = '', state]: string[]) => links.get(name)?.turn(state as LinkState);
  return {
    sources,
    rows: [...links.keys()].flatMap(faultsOfLink),
    hands: { link: turn },
    heal: async () => void (await Promise.all([...links.values()].map(link => link.turn('open')))),
    close: async () => void (await Promise.all([...links.values()].map(link => link.close()))),
  };
}

async function addressOf(options: SourceOptions, { hands }: SoakBed): Promise<NetConnectOpts | null> {
  if (options.kind === 'kubernetes' && options.kubeconfig) {
    // The embedded platform writes its kubeconfig anew when someone logs in.
    if (hands.embedded) return null;
    const { hostname, port } = new URL(await serverIn(options.kubeconfig));
    return { host: hostname, port: Number(port) };
  }
  if (options.kind === 'swarm' && options.host) {
    const { protocol, hostname, port, pathname } = new URL(options.host);
    return protocol === 'unix:' ? { path: pathname } : { host: hostname, port: Number(port) };
  }
  if (options.kind === 'postgres' && options.platform?.host)
    return { host: options.platform.host, port: options.platform.port ?? 5432 };
  const server = options.kind === 'mariadb' ? Object.values(options.servers)[0] : undefined;
  return server?.host ? { host: server.host, port: server.port } : null;
}

async function rerouted(options: SourceOptions, port: number, folder: string): Promise<SourceOptions> {
  const host = '127.0.0.1';
  if (options.kind === 'kubernetes') {
    const config = parse(await readFile(options.kubeconfig ?? '', 'utf8'));
    config.clusters[0].cluster.server = `https://${host}:${port}`;
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, stringify(config), { mode: 0o600 });
    return { ...options, kubeconfig };
  }
  if (options.kind === 'swarm') return { ...options, host: `tcp://${host}:${port}` };
  if (options.kind === 'postgres' && options.platform)
    return { ...options, platform: { ...options.platform, host, port } };
  if (options.kind === 'mariadb') {
    const servers = Object.entries(options.servers).map(([name, server]) => [name, { ...server, host, port }]);
    return { ...options, servers: Object.fromEntries(servers) };
  }
  return options;
}

async function serverIn(kubeconfig: string): Promise<string> {
  return parse(await readFile(kubeconfig, 'utf8')).clusters[0].cluster.server;
}
