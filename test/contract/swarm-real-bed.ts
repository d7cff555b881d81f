import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import { ctl } from './ctl.ts';
import { engineApi } from './engine-api.ts';
import { given } from './given.ts';
import type { SwarmBed } from './swarm-bed.ts';
import { swarmTruth } from './swarm-truth.ts';

const STACK = fileURLToPath(new URL('swarm-stack.yaml', import.meta.url));

/** The swarm of test/testbed/swarm, and by which ways it is watched. */
export function realSwarm(options: SwarmOptions, ...also: SwarmOptions[]): SwarmBed {
  const host = given('QD_DOCKER_HOST');
  const bed = ctl('QD_SWARM_CTL');
  const numberOf = (node: string) => node.replace('node', '');
  const docker = (...argv: string[]) => bed('docker', '1', ...argv);
  const engine = engineApi(host);
  return {
    options,
    also,
    engine,
    truth: () => swarmTruth(host),
    async fault(fault, node) {
      await bed(fault, numberOf(node));
    },
    async manages(node) {
      await bed('manages', numberOf(node));
    },
    async deployStack() {
      await docker('stack', 'deploy', '--resolve-image', 'never', '-c', STACK, 'qd');
    },
    // It returns before the networks are gone, and nothing can be deployed anew before that.
    async removeStack() {
      await docker('stack', 'rm', 'qd');
      const left = async () => {
        const labels = encodeURIComponent(JSON.stringify({ label: ['com.docker.stack.namespace=qd'] }));
        return engine.get<unknown[]>(`/networks?filters=${labels}`);
      };
      await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 30_000, interval: 200 });
    },
  };
}
