import { type Credential, type Credentials, certificateEnd, serverCertificateEnd } from '../credential.ts';
import { why } from '../why.ts';
import type { Reach } from './endpoint.ts';
import { time, words } from './read.ts';

interface Secret {
  ID?: string;
  CreatedAt?: string;
  Spec?: { Name?: string };
}

/** The ends of the certificates between us and the engine, and the ages of secrets: what one says is never handed out. */
export async function credentialsOf(reach: Reach, secrets: unknown, signal: AbortSignal): Promise<Credentials> {
  const all: Credentials = { found: (Array.isArray(secrets) ? secrets : []).map(secretOf), unread: [] };
  if (reach.via !== 'tcp' || reach.tls === null) return all;
  const { host, port, tls } = reach;
  if (tls.cert !== null)
    all.found.push({ name: 'our client certificate', endsAt: certificateEnd(tls.cert), writtenAt: null });
  const name = 'the certificate of the engine';
  // An engine that wants our certificate shows its own all the same only to who shows one.
  const own = { ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key }) };
  try {
    all.found.push({ name, endsAt: await serverCertificateEnd({ host, port, own }, signal), writtenAt: null });
  } catch (error) {
    signal.throwIfAborted();
    all.unread.push({ name, why: why(error) });
  }
  return all;
}

function secretOf({ ID, CreatedAt, Spec }: Secret): Credential {
  return { name: `secret ${words(Spec?.Name) ?? words(ID) ?? '?'}`, endsAt: null, writtenAt: time(CreatedAt) };
}
