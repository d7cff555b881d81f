import { join } from 'node:path/posix';
import type { Fleet } from '../fleet/fleet.ts';
import { printable } from '../model/printable.ts';
import type { Client } from '../sources/client.ts';
import type { ApiService, ApiTask } from '../sources/swarm/api.ts';
import { counted } from '../text/format.ts';
import { why } from './attempt.ts';
import { at } from './prove.ts';
import { isAlive } from './swarm.ts';

/** A folder that something is given. */
export interface Mounting {
  /** `pod odoo-acme-1a2b-x7`, `service saasodoo_postgres` */
  who: string;
  folder: string;
  /** Of which the folder is: of the machine that it runs on, or of a CephFS, from its root on. */
  of: 'machine' | 'file system';
  /** It runs, or is about to. */
  isAlive: boolean;
}

export interface Mountings {
  known: Mounting[];
  /** What cannot be known: a sentence each. */
  unknown: string[];
}

/** What the platforms that are watched mount. What else runs on their machines is not seen. Never rejects. */
export async function mountings(fleet: Fleet, signal: AbortSignal): Promise<Mountings> {
  const platforms = fleet.sources().filter(({ kind }) => kind === 'kubernetes' || kind === 'swarm');
  if (platforms.length === 0) return { known: [], unknown: ['neither Kubernetes nor a swarm is watched'] };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]);
  const all = await Promise.all(
    platforms.map(async ({ name, kind }): Promise<Mountings> => {
      try {
        const client = fleet.source(name)?.client?.();
        if (!client) throw new Error('there is no connection to it yet');
        return await (kind === 'kubernetes' ? ofPods(client, deadline) : ofServices(client, deadline));
      } catch (error) {
        const reason = deadline.aborted ? `no answer within ${READ_MS / 1000} s` : why(error);
        return { known: [], unknown: [`what ${name} mounts cannot be read: ${reason}`] };
      }
    }),
  );
  return { known: all.flatMap(({ known }) => known), unknown: all.flatMap(({ unknown }) => unknown) };
}

/** All pods of a large cluster take their time. */
const READ_MS = 30_000;
const PAGE = 500;

interface Volume {
  name?: string;
  hostPath?: { path?: string };
  local?: { path?: string };
  cephfs?: { path?: string };
  csi?: { driver?: string; volumeAttributes?: Record<string, string> };
  persistentVolumeClaim?: { claimName?: string };
  /** Of a volume that was given to a claim. */
  claimRef?: { namespace?: string; name?: string };
}

async function ofPods(client: Client, signal: AbortSignal): Promise<Mountings> {
  const known: Mounting[] = [];
  const claims: { who: string; parts: string[]; claim: string }[] = [];
  for await (const pod of pages(client, '/api/v1/pods', signal)) {
    if (['Succeeded', 'Failed'].includes(String(at(pod, ['status', 'phase'])))) continue;
    const who = `pod ${printable(String(at(pod, ['metadata', 'name'])), 200)}`;
    for (const volume of listAt(pod, ['spec', 'volumes']) as Volume[]) {
      const parts = partsOf(pod, volume.name);
      known.push(...foldersOf(volume, parts).map(folder => ({ who, ...folder, isAlive: true })));
      const claim = volume.persistentVolumeClaim?.claimName;
      if (claim) claims.push({ who, parts, claim: `${at(pod, ['metadata', 'namespace'])}/${claim}` });
    }
  }
  const unknown: string[] = [];
  const volumes = new Map<string, Volume>();
  try {
    for await (const each of claims.length > 0 ? pages(client, '/api/v1/persistentvolumes', signal) : []) {
      const volume = at(each, ['spec']) as Volume;
      volumes.set(`${volume.claimRef?.namespace}/${volume.claimRef?.name}`, volume);
    }
  } catch (error) {
    unknown.push(`where the volumes of ${counted(claims.length, 'claim')} lie cannot be read: ${why(error)}`);
  }
  for (const { who, parts, claim } of claims) {
    const volume = volumes.get(claim);
    const folders = volume ? foldersOf(volume, parts) : [];
    known.push(...folders.map(folder => ({ who, ...folder, isAlive: true })));
    // Waiting for its volume it has none; that of another system is no CephFS.
    const mayBe = volume?.csi?.driver?.includes('cephfs') && parts.length > 0 && folders.length === 0;
    if (mayBe) unknown.push(`${who} has a volume of which nobody says where on a CephFS it lies`);
  }
  return { known, unknown };
}

/** The parts of a volume that the containers of a pod are given; `.` is the whole. */
function partsOf(pod: unknown, volume: string | undefined): string[] {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap(key => listAt(pod, ['spec', key]));
  const mounts = containers.flatMap(each => listAt(each, ['volumeMounts']) as { name?: string; subPath?: string }[]);
  return [...new Set(mounts.filter(({ name }) => name === volume).map(({ subPath }) => subPath || '.'))];
}

function foldersOf({ hostPath, local, cephfs, csi }: Volume, parts: string[]): Pick<Mounting, 'folder' | 'of'>[] {
  const { rootPath, subvolumePath = rootPath } = csi?.volumeAttributes ?? {};
  const machine = hostPath?.path ?? local?.path;
  const folder = machine ?? (cephfs ? (cephfs.path ?? '/') : subvolumePath);
  if (folder === undefined) return [];
  const of = machine === undefined ? 'file system' : 'machine';
  return parts.map(part => ({ folder: join(folder, part), of }));
}

async function* pages(client: Client, path: string, signal: AbortSignal): AsyncGenerator<unknown> {
  let more = '';
  do {
    const list = await client.get(`${path}?limit=${PAGE}${more && `&continue=${encodeURIComponent(more)}`}`, signal);
    yield* listAt(list, ['items']);
    more = String(at(list, ['metadata', 'continue']) ?? '');
  } while (more !== '');
}

interface Mount {
  Type?: string;
  Source?: string;
  VolumeOptions?: { DriverConfig?: { Options?: { device?: string } | null } };
}

async function ofServices(client: Client, signal: AbortSignal): Promise<Mountings> {
  const services = (await client.get('/services', signal)) as ApiService[];
  const tasks = (await client.get('/tasks', signal)) as ApiTask[];
  const running = new Set(tasks.filter(isAlive).map(({ ServiceID }) => ServiceID));
  const known = services.flatMap(service => {
    const who = `service ${printable(String(at(service, ['Spec', 'Name'])), 200)}`;
    const isAsleep = at(service, ['Spec', 'Mode', 'Replicated', 'Replicas']) === 0 && !running.has(service.ID);
    const mounts = listAt(service, ['Spec', 'TaskTemplate', 'ContainerSpec', 'Mounts']) as Mount[];
    return mounts.flatMap(({ Type, Source, VolumeOptions }): Mounting[] => {
      const folder = Type === 'bind' ? Source : VolumeOptions?.DriverConfig?.Options?.device;
      return folder?.startsWith('/') ? [{ who, folder: join(folder, '.'), of: 'machine', isAlive: !isAsleep }] : [];
    });
  });
  return { known, unknown: [] };
}

function listAt(object: unknown, keys: readonly string[]): unknown[] {
  const list = at(object, keys);
  return Array.isArray(list) ? list : [];
}
