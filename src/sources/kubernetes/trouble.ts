import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { type Trouble, TroubleError } from '../../model/trouble.ts';
import { NoTunnel } from './agents.ts';
import { ApiError } from './api-error.ts';
import { SilentError } from './silence.ts';

/** What to do about the failures of connections and certificates, by the code that Node gives them. */
const FIXES: Readonly<Record<string, [why: string, fix: string]>> = {
  ECONNREFUSED: ['connection refused', 'is the API server up, and is its address in the kubeconfig right?'],
  ECONNRESET: ['the connection was cut', 'does something between here and the server cut it?'],
  ENOTFOUND: ['its name cannot be resolved', 'check the address in the kubeconfig, DNS and VPN'],
  EAI_AGAIN: ['its name cannot be resolved now', 'check DNS and VPN'],
  ETIMEDOUT: ['the connection timed out', 'check the network, VPN and firewall'],
  EHOSTUNREACH: ['the host cannot be reached', 'check the network and VPN'],
  ENETUNREACH: ['the network cannot be reached', 'check the network and VPN'],
  EPIPE: ['the connection was cut', 'does something between here and the server cut it?'],
  CERT_HAS_EXPIRED: ["the server's certificate has expired", 'renew it on the cluster'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "the server's certificate is for another name",
    'use the name in it, or set tls-server-name in the kubeconfig',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    "the server's certificate is not signed by the cluster's authority",
    'check certificate-authority in the kubeconfig',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    "the server's certificate is not signed by the cluster's authority",
    'check certificate-authority in the kubeconfig',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    "the server's certificate is signed by itself",
    'check certificate-authority in the kubeconfig',
  ],
  EPROTO: ['no TLS was spoken', 'does the address in the kubeconfig lead to an API server?'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['no TLS was spoken', 'does the address in the kubeconfig lead to an API server?'],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ['a client certificate is wanted', 'log in again'],
};

const TUNNEL = 'is that proxy up (proxy-url in the kubeconfig, such as an ssh -D), and does it reach the API server?';

/** Any failure as an operator needs it. `what`: what was being done; `on`: the context's name. */
export function troubleOf(error: unknown, what: string, on: string): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  if (error instanceof ApiError) return { what, on, why: error.message, fix: fixOf(error) };
  if (error instanceof SilentError || (error instanceof Error && error.name === 'TimeoutError')) {
    const why = error instanceof SilentError ? error.message : 'no answer in time';
    return { what, on, why, fix: 'the server, or what stands before it, hangs or cannot be reached' };
  }
  if (error instanceof NoTunnel) {
    const { why } = troubleOf(error.cause, what, on);
    return { what, on, why: `${error.message}: ${why}`, fix: TUNNEL };
  }
  const code = codeOf(error);
  const known = code === null ? undefined : FIXES[code];
  if (known) return { what, on, why: known[0], fix: known[1] };
  const said = error instanceof Error ? error.message : String(error);
  const why =
    printable(maskText(said.trim().split('\n').slice(0, 3).join(' ')), 500) || (code ?? 'it failed without a word');
  if (error instanceof SyntaxError) return { what, on, why: `the answer is no JSON: ${why}`, fix: null };
  return { what, on, why, fix: null };
}

/** Why the watching of one kind is refused, naming the right that is missing. */
export function forbidden(verb: string, resource: string, namespace: string | null, on: string, why: string): Trouble {
  const where = namespace === null ? 'in all namespaces' : `in namespace ${namespace}`;
  const scoped = resource === 'nodes' ? '' : ` ${where}`;
  return { what: `${verb} ${resource}${scoped}`, on, why, fix: `ask for the right to ${verb} ${resource}${scoped}` };
}

function fixOf({ status }: ApiError): string | null {
  if (status === 401) return 'log in again: the credentials of this context are not accepted (any more)';
  if (status === 403) return 'ask for the right';
  if (status === 404) return 'the server does not know this';
  if (status === 429) return 'the server asks to be left alone for a while';
  if (status === 502 || status === 503 || status === 504) return 'is the API server behind this address up?';
  return null;
}

function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const { code, cause } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    cause?: unknown;
  };
  return typeof code === 'string' ? code : cause ? codeOf(cause) : null;
}
