import { PassThrough } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';
import type { PodAt } from './pod-at.ts';
import { why } from './why.ts';

/** What was to be asked is not there: no such pod, no running task. Any other Trouble on the way says only that we cannot ask. */
export class NotThere extends TroubleError {
  override name = 'NotThere';
}

/** The other side knows us, or does not, and says no: 401, 403. */
export class NotAllowed extends TroubleError {
  override name = 'NotAllowed';
}

/** The part of a WebSocket that is used here; its `send` calls back when the bytes are on their way. */
export interface Channel {
  send(data: Buffer, sent: (error?: Error) => void): void;
  ping(): void;
  /** Nothing more is taken in, until `resume`. */
  pause(): void;
  resume(): void;
  readonly isPaused: boolean;
  close(): void;
  terminate(): void;
  on(event: 'close', listener: (code: number, reason: Buffer) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'pong' | 'message', listener: () => void): void;
}

/** No answer to a ping for so long: the way is dead, whatever it looks like. As kubectl, but a little less patient. */
const PING_MS = 5_000;
const SILENCE_MS = 20_000;

/** Opens a path of the API server as a WebSocket with channels. Throws what the library throws; see `streamTrouble`. */
export async function openChannel(
  config: KubeConfig,
  path: string,
  receive: (channel: number, data: Buffer) => void,
): Promise<Channel> {
  const { Exec } = await import('@kubernetes/client-node/dist/exec.js');
  const { handler } = new Exec(config);
  // The library ends process.stdout when the server closes a channel.
  Object.assign(handler, {
    streams: { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
  });
  const keepOpen = (channel: number, data: Buffer) => {
    receive(channel, data);
    return true;
  };
  const socket: Channel = await handler.connect(path, null, keepOpen);
  socket.on('error', () => {}); // A close follows each error.
  watchOver(socket);
  return socket;
}

/** Ends a way that has gone silent: behind a cable that was pulled nothing ever closes by itself. */
function watchOver(socket: Channel): void {
  let heardAt = performance.now();
  const heard = () => {
    heardAt = performance.now();
  };
  socket.on('pong', heard);
  socket.on('message', heard);
  const asking = setInterval(() => {
    // What is not taken in cannot be heard.
    if (socket.isPaused) heard();
    if (performance.now() - heardAt > SILENCE_MS) socket.terminate();
    else socket.ping();
  }, PING_MS);
  socket.on('close', () => clearInterval(asking));
}

/** Why a channel could not be opened: NotThere, NotAllowed, or another TroubleError. */
export function streamTrouble(error: unknown, what: string, on: string): TroubleError {
  const trouble = { what, on, why: refusal(error, what), fix: null };
  const status = statusOf(error);
  if (status === '404') return new NotThere(trouble);
  return status === '401' || status === '403' ? new NotAllowed(trouble) : new TroubleError(trouble);
}

/**
 * The exit code in the Status object that ends an exec (channel 3); null when the command could not be started, with the
 * reason in `why`.
 */
export function exitOf(status: string): { code: number } | { code: null; why: string } {
  const { status: state, message, reason, details } = JSON.parse(status) as Status;
  if (state === 'Success') return { code: 0 };
  const code = details?.causes?.find(cause => cause.reason === 'ExitCode')?.message;
  if (reason === 'NonZeroExitCode' && code !== undefined) return { code: Number(code) };
  // Not every kubelet's runtime gives the code a place of its own.
  const told = /exit (?:status|code) (\d+)$/.exec(message ?? '')?.[1];
  if (told !== undefined) return { code: Number(told) };
  return { code: null, why: printable(message ?? 'the pod refused without a word', 400) };
}

interface Status {
  status?: string;
  message?: string;
  reason?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** The ways into pods of one kubeconfig and context. The context is pinned at the first use. */
export class PodDoor {
  readonly #at: PodAt;
  #config: KubeConfig | null = null;
  #pod: string | null = null;

  constructor(at: PodAt) {
    this.#at = { ...at };
  }

  /** The pod's name: as given, or the first ready one that the selector finds, kept until it cannot be opened. */
  async pod(): Promise<string> {
    const { pod, selector, namespace } = this.#at;
    if (pod !== undefined) return pod;
    if (this.#pod) return this.#pod;
    const looking = { what: 'find a ready pod', on: this.describe(selector ?? ''), fix: null };
    const { CoreV1Api } = await import('@kubernetes/client-node');
    try {
      const core = (await this.#kubeConfig()).makeApiClient(CoreV1Api);
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: selector });
      const ready = items.find(each =>
        each.status?.conditions?.some(of => of.type === 'Ready' && of.status === 'True'),
      );
      if (!ready?.metadata?.name) throw new NotThere({ ...looking, why: `none of ${items.length} pods is ready` });
      this.#pod = ready.metadata.name;
      return this.#pod;
    } catch (error) {
      this.#config = null;
      if (error instanceof NotThere) throw error;
      throw new TroubleError({ ...looking, why: why(error) });
    }
  }

  /**
   * Opens a streaming subresource of a pod: Kubernetes' WebSocket channels, a byte with the channel's number before
   * each message (kubernetes.io, "Communication between Nodes and the Control Plane"; the client's `web-socket-handler`).
   */
  async open(pod: string, request: string, receive: (channel: number, data: Buffer) => void): Promise<Channel> {
    const [what = request] = request.split('?');
    try {
      const path = `/api/v1/namespaces/${encodeURIComponent(this.#at.namespace)}/pods/${encodeURIComponent(pod)}/${request}`;
      return await openChannel(await this.#kubeConfig(), path, receive);
    } catch (error) {
      this.#config = null;
      this.#pod = null;
      throw streamTrouble(error, what, this.describe(`pod ${pod}`));
    }
  }

  describe(what: string): string {
    const { namespace, context } = this.#at;
    return printable(`${what} in ${namespace}${context ? ` of ${context}` : ''}`);
  }

  async #kubeConfig(): Promise<KubeConfig> {
    if (this.#config) return this.#config;
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const config = new KubeConfig();
    if (this.#at.kubeconfig) config.loadFromFile(this.#at.kubeconfig);
    else config.loadFromDefault();
    this.#at.context ??= config.getCurrentContext();
    config.setCurrentContext(this.#at.context);
    if (!config.getCurrentCluster()) throw new Error(`the kubeconfig has no context "${this.#at.context}"`);
    this.#config = config;
    return config;
  }
}

function refusal(error: unknown, subresource: string): string {
  const status = statusOf(error);
  switch (status) {
    case null:
      return why(error);
    case '401':
      return 'the API server does not know us (401): the token has expired or is wrong';
    case '403':
      // A WebSocket is a GET; servers from 1.35 on ask for "create" all the same.
      return `not allowed (403): the right "create" on pods/${subresource} is missing, before Kubernetes 1.35 "get"`;
    case '404':
      return 'there is no such pod (404)';
    default:
      return `the API server answered ${status}: it may not reach the kubelet of the pod's node`;
  }
}

/** The library's WebSocket tells a refusal only as "Unexpected server response: 403". */
function statusOf(error: unknown): string | null {
  return /Unexpected server response: (\d+)/.exec(why(error))?.[1] ?? null;
}
