import { printable } from '../../model/printable.ts';
import { type Credential, type Credentials, certificateEnd, serverCertificateEnd } from '../credential.ts';
import { why } from '../why.ts';
import type { Api } from './api.ts';
import { MOST_NAMESPACES } from './specs.ts';
import { items, type Meta, text, time, type Wire } from './wire.ts';

const PAGE = 200;
/** Metadata alone: what a secret says stays where it is. */
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
/** What nobody renews by hand: certificates have an end of their own, and the rest is made by programs. */
const NOT_AGED = [
  'kubernetes.io/tls',
  'kubernetes.io/service-account-token',
  'helm.sh/release.v1',
  'bootstrap.kubernetes.io/token',
];

/** The ends of our own access and of the server's certificate, those of TLS secrets, and the ages of the others. */
export async function readCredentials(
  api: Api,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Credentials> {
  const all: Credentials = { found: [], unread: [] };
  const read = async (name: string, reading: () => Promise<Credential[]>) => {
    try {
      all.found.push(...(await reading()));
    } catch (error) {
      signal.throwIfAborted();
      all.unread.push({ name, why: why(error) });
    }
  };
  const { url, certificate, token } = await api.access();
  const credential = (name: string, endsAt: number | null): Credential[] => [{ name, endsAt, writtenAt: null }];
  if (certificate !== null) all.found.push(...credential('our client certificate', certificate.endsAt));
  if (token !== null) all.found.push(...credential('our token', token.endsAt));
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'https:') {
    const name = 'the certificate of the API server';
    const host = hostname.replace(/^\[|\]$/g, '');
    const to = { host, port: Number(port || 443) };
    await read(name, async () => credential(name, await serverCertificateEnd(to, signal)));
  }
  const many = namespaces.length > MOST_NAMESPACES;
  for (const namespace of many ? [null] : namespaces) {
    const where = namespace === null ? 'all namespaces' : namespace;
    await read(`secrets in ${where}`, () => secretsOf(api, namespace, signal));
    await read(`TLS secrets in ${where}`, () => certificatesOf(api, namespace, signal));
  }
  return all;
}

interface ManagedMeta extends Meta {
  managedFields?: { time?: unknown }[];
}

async function secretsOf(api: Api, namespace: string | null, signal: AbortSignal): Promise<Credential[]> {
  const selector = NOT_AGED.map(type => `type!=${type}`).join(',');
  const pages = pagesOf<{ metadata?: ManagedMeta }>(api, namespace, selector, METADATA, signal);
  const found: Credential[] = [];
  for await (const { metadata } of pages) {
    const times = [metadata?.creationTimestamp, ...items(metadata?.managedFields).map(each => each.time)];
    const written = times.flatMap(each => time(each) ?? []);
    found.push({ name: nameOf(metadata), endsAt: null, writtenAt: written.length > 0 ? Math.max(...written) : null });
  }
  return found;
}

/** The key comes along with the certificate, and is let go at once. */
async function certificatesOf(api: Api, namespace: string | null, signal: AbortSignal): Promise<Credential[]> {
  const found: Credential[] = [];
  const pages = pagesOf<Wire & { data?: Record<string, unknown> }>(
    api,
    namespace,
    'type=kubernetes.io/tls',
    undefined,
    signal,
  );
  for await (const { metadata, data } of pages) {
    const certificate = data?.['tls.crt'];
    const pem = typeof certificate === 'string' ? Buffer.from(certificate, 'base64') : null;
    found.push({ name: `certificate in ${nameOf(metadata)}`, endsAt: certificateEnd(pem), writtenAt: null });
  }
  return found;
}

async function* pagesOf<T>(
  api: Api,
  namespace: string | null,
  selector: string,
  accept: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let more: string | null = null;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE),
      fieldSelector: selector,
      ...(more !== null && { continue: more }),
    });
    const within = namespace === null ? '' : `namespaces/${encodeURIComponent(namespace)}/`;
    const path = `/api/v1/${within}secrets?${query}`;
    const page = (await api.json({ path, ...(accept !== undefined && { accept }) }, signal)) as {
      metadata?: { continue?: unknown };
      items?: T[];
    };
    yield* items(page.items);
    more = text(page.metadata?.continue);
  } while (more !== null);
}

function nameOf(metadata: Meta | undefined): string {
  return `secret ${printable(`${metadata?.namespace}/${metadata?.name}`)}`;
}
