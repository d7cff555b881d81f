import { type Credentials, serverCertificateEnd } from '../credential.ts';
import { why } from '../why.ts';
import type { HttpCheck } from './options.ts';

/** When the certificates of the endpoints run out, each server and name once. */
export async function certificatesOf(checks: readonly HttpCheck[], signal: AbortSignal): Promise<Credentials> {
  const all: Credentials = { found: [], unread: [] };
  const servers = new Map(
    checks.filter(({ url }) => url.startsWith('https:')).map(check => [serverOf(check).name, check]),
  );
  const read = async (check: HttpCheck) => {
    const server = serverOf(check);
    const name = `the certificate of ${server.name}`;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(check.timeoutMs)]);
    try {
      all.found.push({
        name,
        endsAt: await serverCertificateEnd(server, limit),
        writtenAt: null,
      });
    } catch (error) {
      signal.throwIfAborted();
      all.unread.push({ name, why: limit.aborted ? 'no answer in time' : why(error) });
    }
  };
  await Promise.all([...servers.values()].map(read));
  return all;
}

function serverOf({ url, host }: HttpCheck) {
  const { hostname, port } = new URL(url);
  const server = hostname.replace(/^\[|\]$/g, '');
  return { name: host?.replace(/:\d+$/, '') ?? server, host: server, port: Number(port || 443) };
}
