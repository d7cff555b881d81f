import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';

/** Something that lets somebody in, or that runs out: by its name and its times, never by what it says. */
export interface Credential {
  /** `certificate of the API server`, `secret shop/db`. */
  name: string;
  /** When it runs out; null: it does not, or does not say. */
  endsAt: number | null;
  /** When it was last written; null: not told, or of no matter. */
  writtenAt: number | null;
}

/** What a source holds or is shown, and what of it could not be read. */
export interface Credentials {
  found: Credential[];
  unread: { name: string; why: string }[];
}

/** When a certificate in PEM runs out, milliseconds since 1970: of several the first. null: it is none. */
export function certificateEnd(pem: unknown): number | null {
  if (typeof pem !== 'string' && !Buffer.isBuffer(pem)) return null;
  const certificates = String(pem).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const ends = certificates.flatMap(each => {
    try {
      return [Date.parse(new X509Certificate(each).validTo)];
    } catch {
      return [];
    }
  });
  return ends.length > 0 ? Math.min(...ends) : null;
}

/** When a bearer token runs out; null: it does not say (RFC 7519, `exp`). */
export function tokenEnd(token: string): number | null {
  const [, payload] = token.split('.');
  try {
    const { exp } = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : null;
  } catch {
    return null;
  }
}

/**
 * When the certificate that a TLS server shows runs out, whoever signed it: nothing is said to the server. Rejects with
 * why it cannot be had.
 *
 * @param name by which it is asked; `own`: our certificate and its key, for a server that wants them
 */
export function serverCertificateEnd(
  {
    host,
    port,
    name = host,
    own = {},
  }: { host: string; port: number; name?: string; own?: Pick<ConnectionOptions, 'cert' | 'key'> },
  signal: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const to = { ...own, host, port, ...(!isIP(name) && { servername: name }), rejectUnauthorized: false };
    const socket = connect(to, () => {
      const { valid_to } = socket.getPeerCertificate();
      socket.destroy();
      resolve(valid_to ? Date.parse(valid_to) : null);
    });
    const abort = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.once('error', reject);
    if (signal.aborted) abort();
  });
}
