import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import { given } from './given.ts';
import { swarmContract } from './swarm.contract.ts';
import { swarmFaults } from './swarm-faults.contract.ts';
import { realSwarm } from './swarm-real-bed.ts';
import { swarmServices } from './swarm-services.contract.ts';

const certificates = given('QD_DOCKER_CERT_PATH');
const bySocket: SwarmOptions = { kind: 'swarm', host: given('QD_DOCKER_HOST') };
const byTls: SwarmOptions = {
  kind: 'swarm',
  host: given('QD_DOCKER_TLS_HOST'),
  tls: {
    ca: join(certificates, 'ca.pem'),
    cert: join(certificates, 'cert.pem'),
    key: join(certificates, 'key.pem'),
  },
};
const bySsh: SwarmOptions = { kind: 'swarm', host: given('QD_DOCKER_SSH_HOST') };
// There an `ssh` knows the key of the bed's own server, and brings a key that it takes.
process.env.PATH = `${given('QD_DOCKER_SSH_BIN')}:${process.env.PATH}`;

describe.each([
  ['tcp with TLS', byTls],
  ['ssh', bySsh],
])('the real swarm with a stack, by %s', (_, options) => {
  const bed = realSwarm(options);
  beforeAll(bed.deployStack, 60_000);
  afterAll(bed.removeStack, 60_000);
  swarmContract(async () => bed);
});

describe('the real swarm by all of these at once', () => {
  const open = async () => realSwarm(bySocket, byTls, bySsh);
  describe('with services of every kind', () => swarmServices(open));
  describe('with nodes that come and go', () => swarmFaults(open));
});
