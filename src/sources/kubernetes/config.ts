import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { TroubleError } from '../../model/trouble.ts';
import { ExecPlugins } from './exec-plugin.ts';

export type ConfigPlace = { kubeconfig?: string };

/** A context of a kubeconfig, for people who choose one. */
export interface ContextInfo {
  name: string;
  /** It is the kubeconfig's current one. */
  current: boolean;
  namespace: string;
  user: string | null;
  /** Address of the API server. */
  server: string | null;
}

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * The configuration as kubectl reads it: the file that is named, or else the list in KUBECONFIG, or else
 * ~/.kube/config, or else the service account of the pod that the program runs in. Of several files the first one that
 * names a thing decides; files that are not there are passed over. Throws a TroubleError.
 */
export async function loadConfig({ kubeconfig }: ConfigPlace, plugins = new ExecPlugins(60_000)): Promise<KubeConfig> {
  // The package's index would bring the whole generated client with it: 74 MB of memory for what one file does.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const merged = new KubeConfig();
  merged.addAuthenticator(plugins);
  const files = await filesOf(kubeconfig);
  if (files.length === 0) {
    if (!process.env.KUBERNETES_SERVICE_HOST || !(await isThere(TOKEN))) throw noConfig();
    merged.loadFromCluster();
    return merged;
  }
  for (const file of files) {
    const one = new KubeConfig();
    try {
      one.loadFromFile(file);
    } catch (error) {
      throw new TroubleError(
        {
          what: 'read the kubeconfig',
          on: printable(file),
          why: printable(maskText(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))),
          fix: 'see whether kubectl can read it: kubectl config view',
        },
        error,
      );
    }
    for (const user of one.users) {
      plugins.adopt(user, dirname(file));
      takeIdToken(user);
    }
    merged.clusters.push(...one.clusters.filter(({ name }) => !merged.clusters.some(known => known.name === name)));
    merged.users.push(...one.users.filter(({ name }) => !merged.users.some(known => known.name === name)));
    merged.contexts.push(...one.contexts.filter(({ name }) => !merged.contexts.some(known => known.name === name)));
    merged.currentContext ||= one.currentContext;
  }
  return merged;
}

/**
 * Lets an OIDC provider's token count as it stands in the file, which is read again when kubectl has renewed it. The
 * library would get another one once that has run out; it cannot, as it does not hand over the provider's address as it
 * must, and must not: where a refresh token is good for one time only, kubectl would be left without.
 */
function takeIdToken(user: User): void {
  const { name, config } = (user.authProvider ?? {}) as { name?: string; config?: Record<string, string> };
  if (name === 'oidc') Object.assign(user, { authProvider: null, token: config?.['id-token'] });
}

/** The context that is meant: the named one or the current one. Throws a TroubleError when it is not there. */
export function contextOf(config: KubeConfig, name: string | undefined): ContextInfo {
  const wanted = name ?? config.getCurrentContext();
  const found = describe(config).find(context => context.name === wanted);
  if (found) return found;
  const names = config.getContexts().map(context => context.name);
  throw new TroubleError({
    what: 'choose a context',
    on: 'the kubeconfig',
    why: wanted ? `there is no context ${printable(wanted)}` : 'it names no current context',
    fix: names.length > 0 ? `take one of ${printable(names.join(', '))}` : null,
  });
}

/** All contexts that the kubeconfig names; nothing is asked over the network. Throws a TroubleError. */
export async function listContexts(place: ConfigPlace = {}): Promise<ContextInfo[]> {
  return describe(await loadConfig(place));
}

/** The namespace that kubectl would use: that of the context. Throws a TroubleError. */
export async function namespaceOf(options: ConfigPlace & { context?: string }): Promise<string> {
  return contextOf(await loadConfig(options), options.context).namespace;
}

/** The kubeconfig's current context at this moment, and null when it cannot be told. */
export async function currentContext(place: ConfigPlace): Promise<string | null> {
  return await loadConfig(place).then(
    config => config.getCurrentContext() ?? null,
    () => null,
  );
}

/** When the files were written last: another text means that they changed. */
export async function writtenAt({ kubeconfig }: ConfigPlace): Promise<string> {
  const times = (await filesOf(kubeconfig)).map(file =>
    stat(file)
      .then(({ mtimeMs }) => mtimeMs)
      .catch(() => 0),
  );
  return (await Promise.all(times)).join(' ');
}

function describe(config: KubeConfig): ContextInfo[] {
  return config.getContexts().map(({ name, cluster, user, namespace }) => ({
    name,
    current: name === config.getCurrentContext(),
    namespace: namespace || 'default',
    user: user || null,
    server: config.getCluster(cluster)?.server ?? null,
  }));
}

async function filesOf(kubeconfig: string | undefined): Promise<string[]> {
  if (kubeconfig) return [kubeconfig.replace(/^~(?=\/)/, homedir())];
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  const candidates = listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
  const there = await Promise.all(candidates.map(isThere));
  return candidates.filter((_, at) => there[at]);
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function noConfig(): TroubleError {
  const listed = process.env.KUBECONFIG;
  return new TroubleError({
    what: 'find a kubeconfig',
    on: 'this machine',
    why: listed ? `none of the files of KUBECONFIG is there: ${printable(listed)}` : 'there is no ~/.kube/config',
    fix: 'name one in the profile or in KUBECONFIG',
  });
}
