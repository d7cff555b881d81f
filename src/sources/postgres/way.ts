import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import { type ContainerAt, runInContainer, runInPod } from '../exec-read.ts';
import { PodDoor } from '../kube-stream.ts';
import type { PodAt } from '../pod-at.ts';
import { PortForwardStream } from '../port-forward.ts';
import { orAbort } from '../pulse.ts';
import type { Run } from '../runner.ts';
import { readSecret } from '../secret.ts';
import type { SecretRef } from '../secret-ref.ts';
import type { Login } from './connect.ts';
import type { PlatformOptions, PoolsOptions } from './options.ts';
import type { Credentials } from './platform.ts';
import { psqlSession } from './psql.ts';
import type { ServerRecord } from './records.ts';
import { type Open, openSession } from './session.ts';

/** How a server is reached. */
export interface Way {
  /** As it stands in troubles and in the header; another text is another way. */
  on: string;
  open: Open;
  /** From one proof of life to the next. */
  pulseMs: number;
  /** It leads through another system, whose silence looks like the server's. */
  indirect: boolean;
}

/** Silence is told within 4 s more. An exec is a process on the other side, so it is asked a little less often. */
const PULSE_MS = 3_000;
const EXEC_PULSE_MS = 5_000;

type Enter = () => Promise<Credentials>;

/** A server that a connection can be had with, of our own or forwarded. */
export interface Door {
  on: string;
  /** Read anew each time, for a password that may have changed. Rejects with a TroubleError. */
  login(): Promise<Login>;
}

export function wayToPlatform(options: PlatformOptions): Way {
  const { exec, portForward, user, database } = options;
  if (exec) return byExec(exec, database, async () => ({ user, password: undefined }));
  return portForward ? forwarded(doorTo(options)) : direct(doorTo(options));
}

/** `exec` gives no connection: it is passed over. */
export function doorTo(options: Omit<PlatformOptions, 'exec' | 'tables'>): Door {
  const { host, port = 5432, portForward, user, database, ssl } = options;
  const enter = entering(user, options.password);
  if (portForward) return podDoor(portForward, { database, ssl }, enter);
  return door({ host: host ?? 'localhost', port, database, ssl }, enter);
}

/** `enter` is asked at each opening, for a password that may have changed. A text: why there is no way. */
export function wayToPool(
  name: string,
  pools: PoolsOptions,
  record: ServerRecord | null,
  fromTable: () => Credentials | null,
): Way | string {
  const { via, pod, service, container, kubernetes, docker, credentials, database, ssl } = pools;
  const server = pools.servers?.[name];
  const enter = entranceTo(name, pools, fromTable);
  if (!enter) return 'the profile names no credentials for it';
  const own = { database: server?.database ?? database, ssl: server?.ssl ?? ssl };
  const address = pools.addresses?.[name];
  if (address) return direct(door({ ...split(address), ...own }, enter));
  if (server?.host) return direct(door({ host: server.host, port: server.port, ...own }, enter));
  const named = (template: string) => template.replaceAll('{name}', name);
  const at = kubernetes && { ...kubernetes, pod: named(pod), container };
  if (via === 'port-forward' && at)
    return forwarded(podDoor({ ...at, port: server?.port ?? record?.port ?? 5432 }, own, enter));
  if (via === 'exec' && at) return byExec({ kubernetes: at }, own.database, enter);
  if (via === 'exec') return byExec({ docker: { ...docker, service: named(service) } }, own.database, enter);
  if (!record?.host) return `the platform's table has no address of it${credentials ? '' : ' and no credentials'}`;
  return direct(door({ host: record.host, port: record.port ?? 5432, ...own }, enter));
}

function entranceTo(name: string, pools: PoolsOptions, fromTable: () => Credentials | null): Enter | null {
  const server = pools.servers?.[name];
  if (server && (server.user !== undefined || server.password)) return entering(server.user ?? '', server.password);
  const { credentials } = pools;
  if (credentials === 'table') {
    return async () => {
      const found = fromTable();
      if (!found?.user)
        throw new TroubleError({
          what: 'connect',
          on: name,
          why: "the platform's table has no admin_user for it",
          fix: null,
        });
      return found;
    };
  }
  if (credentials) return entering(credentials.user, credentials.password);
  return server ? entering('', undefined) : null;
}

function entering(user: string, password: SecretRef | undefined): Enter {
  return async () => ({ user, password: password && (await readSecret(password)) });
}

type Place = Pick<Login, 'host' | 'port' | 'database' | 'ssl' | 'stream'>;

function door(place: Place, enter: Enter): Door {
  return {
    on: printable(`${place.host}:${place.port}`),
    login: async () => {
      const { user, password } = await enter();
      return { ...place, user: user || undefined, password };
    },
  };
}

type Forwarded = NonNullable<PlatformOptions['portForward']>;

function podDoor(at: Forwarded, place: Pick<Place, 'database' | 'ssl'>, enter: Enter): Door {
  const { port, ...pod } = at;
  const through = new PodDoor(pod);
  const host = pod.pod ?? pod.selector ?? '';
  const { login } = door({ ...place, host, port, stream: () => new PortForwardStream(through, port) }, enter);
  return { login, on: through.describe(`pod ${host}:${port}`) };
}

function direct({ on, login }: Door): Way {
  const open: Open = async signal => openSession(await orAbort(login(), signal), signal);
  return { on, pulseMs: PULSE_MS, indirect: false, open };
}

const forwarded = (door: Door): Way => ({ ...direct(door), indirect: true });

function byExec(exec: NonNullable<PlatformOptions['exec']>, database: string, enter: Enter): Way {
  const [run, place]: [Run, string] = 'kubernetes' in exec ? inPod(exec.kubernetes) : inContainer(exec.docker);
  const on = printable(place);
  return {
    on,
    pulseMs: EXEC_PULSE_MS,
    indirect: true,
    open: async signal => {
      const { user } = await orAbort(enter(), signal);
      const session = psqlSession(run, { user, database }, on);
      await orAbort(session.rows('select 1'), signal).catch(error => {
        session.close();
        throw error;
      });
      return session;
    },
  };
}

function inPod(at: PodAt): [Run, string] {
  return [runInPod(at), `pod ${at.pod ?? at.selector} in ${at.namespace}`];
}

function inContainer(at: ContainerAt): [Run, string] {
  return [runInContainer(at), 'service' in at ? `service ${at.service}` : `container ${at.container}`];
}

/** `host:port`, the host possibly an IPv6 address in brackets. */
function split(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}
