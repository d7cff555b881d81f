import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../src/demo/certificate.ts';
import { certificateEnd, serverCertificateEnd, tokenEnd } from '../../src/sources/credential.ts';
import { certificatesOf } from '../../src/sources/http/certificates.ts';
import { HttpCheck } from '../../src/sources/http/options.ts';
import { credentialsOf } from '../../src/sources/swarm/credentials.ts';
import { OnDemo } from '../actions/on-demo.ts';

const NEVER = new AbortController().signal;
const made = makeCertificate(Date.UTC(2026, 0, 1));
const END = Date.UTC(2027, 0, 1);

/** A TLS server that shows the certificate. */
async function served<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer({ cert: made.cert, key: made.key });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('an end', () => {
  it('of a certificate is that of the first of a chain', () => {
    const later = makeCertificate(Date.UTC(2026, 5, 1)).cert;
    expect(certificateEnd(`${later}${made.cert}`)).toBe(END);
    expect(certificateEnd(Buffer.from(made.cert))).toBe(END);
  });

  it.each([null, '', 'garbage', made.key, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'is none of what is no certificate (%#)',
    text => expect(certificateEnd(text)).toBeNull(),
  );

  it.each([
    [`e30.${Buffer.from('{"exp":1767225600}').toString('base64url')}.sig`, 1_767_225_600_000],
    [`e30.${Buffer.from('{"exp":"soon"}').toString('base64url')}.sig`, null],
    ['opaque', null],
    ['a.b.c', null],
  ])('of a token %#', (token, end) => expect(tokenEnd(token)).toBe(end));

  it('of a server’s certificate is read, whoever signed it', async () => {
    expect(await served(port => serverCertificateEnd({ host: '127.0.0.1', port }, NEVER))).toBe(END);
    await expect(serverCertificateEnd({ host: '127.0.0.1', port: 1 }, NEVER)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('of each https endpoint is read once, and one that does not answer says so', async () => {
    const read = await served(port =>
      certificatesOf(
        ['/a', '/b', ''].map((path, at) =>
          HttpCheck.parse({ name: `${at}`, url: path ? `https://127.0.0.1:${port}${path}` : 'https://localhost:1/' }),
        ),
        NEVER,
      ),
    );
    expect(read.found).toEqual([{ name: 'the certificate of 127.0.0.1', endsAt: END, writtenAt: null }]);
    expect(read.unread).toMatchObject([{ name: 'the certificate of localhost' }]);
  });
});

it('secrets of a swarm are told by name and age', async () => {
  const secrets = [{ ID: 'x1', CreatedAt: '2026-01-02T00:00:00Z', Spec: { Name: 'db' } }];
  const { found } = await credentialsOf({ via: 'unix', path: '/x' }, secrets, NEVER);
  expect(found).toEqual([{ name: 'secret db', endsAt: null, writtenAt: Date.UTC(2026, 0, 2) }]);
});

it('of a cluster tells names and times, and nothing of what is secret', async () => {
  const on = await OnDemo.start();
  try {
    await on.noun('kubernetes/saasodoo/deployment/user-service');
    const data = {
      'tls.crt': Buffer.from(made.cert).toString('base64'),
      'tls.key': Buffer.from(made.key).toString('base64'),
    };
    on.platform.world.cluster.store.create('secrets', {
      metadata: { name: 'web-tls', namespace: 'saasodoo' },
      type: 'kubernetes.io/tls',
      data,
    });
    const read = await on.fleet.source('kubernetes')?.credentials?.(['saasodoo'], NEVER);
    const names = read?.found.map(({ name, endsAt, writtenAt }) => [name, endsAt !== null, writtenAt !== null]);
    expect(names).toEqual([
      ['our token', false, false],
      ['the certificate of the API server', true, false],
      ['secret saasodoo/saasodoo-secrets', false, true],
      ['certificate in secret saasodoo/web-tls', true, false],
    ]);
    expect(read?.unread).toEqual([]);
    expect(read?.found.at(-1)?.endsAt).toBe(END);
    expect(JSON.stringify(read)).not.toMatch(/demo-not-a-secret|PRIVATE|BEGIN/);
  } finally {
    await on.close();
  }
}, 60_000);
