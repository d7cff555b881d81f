import { defineConfig } from 'vitest/config';

/** Each variable, and the file that it lets run. */
const SYSTEMS = {
  QD_KUBECONFIG: { file: 'test/contract/kubernetes.real.ts', is: 'path of a kubeconfig' },
  QD_KUBERNETES_CTL: {
    file: 'test/contract/kubernetes-{actions,changes,many,sessions}.real.ts',
    is: "the test bed's own cluster, for it is changed and broken",
  },
  QD_DOCKER_HOST: { file: 'test/contract/swarm.real.ts', is: 'a manager, unix:///path or tcp://host:port' },
  QD_SWARM_CTL: {
    file: 'test/contract/swarm-{actions,bed,sessions}.real.ts',
    is: "the test bed's own swarm, for it is changed and broken",
  },
  QD_PG: {
    file: 'test/contract/postgres.real.ts',
    is: 'path of a file that holds postgres://user:password@host/database',
  },
  QD_MARIADB: { file: 'test/contract/mariadb.real.ts', is: 'path of a file that holds mariadb://user:password@host' },
  QD_CEPHFS_MOUNT: { file: 'test/contract/cephfs.real.ts', is: 'where a CephFS is mounted' },
};

const systems = Object.entries(SYSTEMS);
for (const [variable, { file, is }] of systems)
  if (!process.env[variable]) console.log(`not run: ${file} (${variable} is not given: ${is})`);

/** The contract tests against real systems: `npm run test:real`. */
export default defineConfig({
  test: {
    include: systems.filter(([variable]) => process.env[variable]).map(([, { file }]) => file),
    passWithNoTests: true,
    testTimeout: 60_000,
    // Two files may break the same system.
    fileParallelism: false,
    // Of what is acted upon each test has its own, and most wait for the system.
    maxConcurrency: 24,
    env: { NODE_ENV: 'production', TZ: 'UTC' },
  },
});
