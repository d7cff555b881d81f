import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';

/** Codes of Node and OpenSSL for which their own message tells an operator too little. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the other side',
  EPIPE: 'connection closed by the other side',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'no answer to the connection attempt',
  EAI_AGAIN: 'the name server does not answer (DNS)',
  ENOENT: 'no such file',
  EACCES: 'not allowed to read it',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired',
  CERT_NOT_YET_VALID: 'its TLS certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its TLS certificate comes from an authority that is not trusted here',
  EPROTO: 'it does not speak TLS as we do',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port',
};

const SPEECHLESS = 'it failed without a word';

/** What errors of Node, its libraries and the web platform may have. A DOMException's code is a number. */
interface Failure {
  name?: unknown;
  code?: unknown;
  hostname?: unknown;
  message?: unknown;
  cause?: unknown;
}

/**
 * Why something outside failed, printable and in words for an operator: of the system that refused where it gave any,
 * else of Node's code. Looks through `cause` and the errors of several addresses of one host.
 */
export function why(error: unknown): string {
  if (error instanceof TroubleError) return error.trouble.why;
  if (error instanceof AggregateError && error.errors.length > 0) return why(error.errors[0]);
  if (typeof error !== 'object' || error === null) return printable(String(error) || SPEECHLESS, 400);
  const { name, code: given, hostname, message: said, cause } = error as Failure;
  if (name === 'TimeoutError') return 'no answer in time';
  const code = typeof given === 'string' ? given : undefined;
  const message = typeof said === 'string' ? said : '';
  if (code === 'ENOTFOUND')
    return printable(`host name ${typeof hostname === 'string' ? hostname : ''} not found (DNS)`, 400);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return printable(`its TLS certificate is for another name: ${message}`, 400);
  if (code?.startsWith('HPE_')) return printable(`it does not answer in HTTP (${message})`, 400);
  const words = code === undefined ? undefined : WORDS[code];
  if (words) return words;
  if (cause !== undefined && message === 'fetch failed') return why(cause);
  return printable(message || code || SPEECHLESS, 400);
}
