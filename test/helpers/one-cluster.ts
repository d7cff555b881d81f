import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A kubeconfig with one context, `lab`, of this cluster; `remove` takes it away. */
export function oneCluster(cluster: Record<string, string>): { kubeconfig: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'qd-cluster-'));
  const kubeconfig = join(folder, 'config');
  const config = {
    'current-context': 'lab',
    clusters: [{ name: 'c', cluster }],
    contexts: [{ name: 'lab', context: { cluster: 'c', user: 'ops' } }],
    users: [{ name: 'ops', user: { token: 'x' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return { kubeconfig, remove: () => rmSync(folder, { recursive: true }) };
}

/** As a kubeconfig holds the certificate, in PEM, of the authority that is trusted. */
export const trusting = (certificate: string) => ({
  'certificate-authority-data': Buffer.from(certificate).toString('base64'),
});
