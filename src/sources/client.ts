import { type Trouble, TroubleError } from '../model/trouble.ts';
import type { Permit } from './permit.ts';
import type { Connect, Execute } from './streams.ts';

/** A request to a system's API that changes something. The body stays in memory: it may hold secrets. */
export interface Write {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query: `/services/w2k7/update?version=12`. */
  path: string;
  body?: unknown;
  /** Of the body; `application/json` when left out. */
  type?: string;
}

/** What somebody may or may not do, as Kubernetes' access reviews name it. */
export interface Right {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace: string | null;
  name?: string;
}

/** Speaks a system's own API, exactly: for actions, which need the whole object and may change it. */
export interface Client {
  /** Who is at the other end, as dialogs and the journal name it. */
  readonly target: string;
  /** As whom, where the system has such a thing. */
  readonly identity: string | null;
  /** The object with its secrets: it must not be shown, told or kept. Rejects with a Refusal. */
  get(path: string, signal: AbortSignal): Promise<unknown>;
  /** The answer of the system. Rejects with a Refusal. */
  send(permit: Permit, write: Write, signal: AbortSignal): Promise<unknown>;
  /** What makes the system's own command speak to the same end: `--host tcp://…`. Absent where there is none. */
  readonly flags?: readonly string[];
  /** What the system would answer, changing nothing; absent where it cannot be asked that. Rejects with a Refusal. */
  rehearse?(write: Write, signal: AbortSignal): Promise<unknown>;
  /**
   * Null when it is allowed, else the system's reason; absent where there are no such rights. Rejects with a Refusal.
   *
   * @param user who would do it: `system:serviceaccount:web:sa`; left out: we
   */
  forbids?(right: Right, signal: AbortSignal, user?: string): Promise<string | null>;
  /** Runs a command where an object runs, or attaches to what runs there. */
  execute?: Execute;
  /** Connects to a port inside of it; absent where the system has no such way. */
  connect?: Connect;
}

/**
 * Why a request has no answer of success. `no`: the system answered so, with `status`. `unsent`: it was never reached.
 * `none`: it was sent, or may have been, and no answer came: nobody knows whether it took effect.
 */
export class Refusal extends TroubleError {
  override name = 'Refusal';
  readonly answer: 'no' | 'unsent' | 'none';
  readonly status: number | null;
  /** The system's word: Conflict, NotFound. */
  readonly word: string | null;
  /** How long the system asks to be left alone. */
  readonly retryAfterMs: number | null;

  constructor(
    trouble: Trouble,
    { answer, status = null, word = null, retryAfterMs = null }: Pick<Refusal, 'answer'> & Partial<Refusal>,
    cause?: unknown,
  ) {
    super(trouble, cause);
    this.answer = answer;
    this.status = status;
    this.word = word;
    this.retryAfterMs = retryAfterMs;
  }

  /** Somebody else changed the object since the version that was sent along. */
  get isConflict(): boolean {
    return this.status === 409 || /update out of sequence/.test(this.trouble.why);
  }
}

/** What runs a node's containers is not set up, does not answer, or is not the node's. */
export class Unreached extends TroubleError {
  override name = 'Unreached';
  /** What would bring an operator to that machine: `ssh -t ops@w1`. */
  readonly ssh: string;

  constructor(trouble: Trouble, ssh: string) {
    super(trouble);
    this.ssh = ssh;
  }
}

const NEVER_SENT = new Set(
  'ECONNREFUSED ENOENT EACCES ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ENOTUNNEL'.split(' '),
);

/** Whether a failed connection can have carried the request to the system. */
export function wasSent(error: unknown): boolean {
  const { code, cause } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  if (typeof code === 'string' && (NEVER_SENT.has(code) || /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code))) {
    return false;
  }
  return cause === undefined || wasSent(cause);
}
