import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CrashLedger } from '../../../src/sources/swarm/crash-ledger.ts';
import { seenNetworks } from '../../../src/sources/swarm/networks.ts';
import { nodesById } from '../../../src/sources/swarm/nodes.ts';
import { listed } from '../../../src/sources/swarm/read.ts';
import { replicasOf } from '../../../src/sources/swarm/replicas.ts';
import { pulseOf, readService } from '../../../src/sources/swarm/service.ts';
import { byAge, readTask } from '../../../src/sources/swarm/task.ts';
import { seenWorkload } from '../../../src/sources/swarm/workloads.ts';
import { expectClean } from '../../helpers/clean.ts';

/** Names that the projections look for, so that the garbage gets deep into them. */
const NAMES =
  'Spec Name Mode Labels TaskTemplate Replicated Replicas Global ReplicatedJob GlobalJob TotalCompletions MaxConcurrent ContainerSpec Image Env Resources Reservations Limits NanoCPUs MemoryBytes Version Index CreatedAt UpdatedAt Status State Message Err Timestamp ContainerStatus ContainerID ExitCode DesiredState Slot NodeID ServiceID NetworksAttachments Addresses ServiceStatus RunningTasks DesiredTasks CompletedTasks JobStatus LastExecution UpdateStatus StartedAt CompletedAt UpdateConfig Order Parallelism Role Availability Description Hostname Engine EngineVersion Addr ManagerStatus Leader Reachability Driver Scope Attachable Created com.docker.stack.namespace'.split(
    ' ',
  );
const leaf = fc.oneof(
  fc.string(),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    Number.MAX_VALUE,
    'running',
    'failed',
    'shutdown',
    'down',
    'paused',
    '0.0.0.0',
    '2026-11-23T12:00:00Z',
    'lab/web:1@sha256:00',
    '\u001b[31m',
    '\u202e',
  ),
);
const garbage = fc.letrec<{ any: unknown }>(tie => ({
  any: fc.oneof(
    { maxDepth: 7, depthSize: 'medium' },
    { weight: 1, arbitrary: leaf },
    {
      weight: 3,
      arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 8, noNullPrototype: true }),
    },
    { weight: 1, arbitrary: fc.array(tie('any'), { maxLength: 4 }) },
  ),
})).any;
/** What the check of lists lets through: objects that name themselves. */
const object = (identity: string) =>
  fc
    .record({
      id: fc.stringMatching(/^[a-z0-9]{1,25}$/),
      rest: fc.dictionary(fc.constantFrom(...NAMES), garbage, { maxKeys: 12, noNullPrototype: true }),
    })
    .map(({ id, rest }) => ({ ...rest, [identity]: id }) as never);

const NOW = Date.parse('2026-11-23T12:00:00Z');

test('any JSON becomes clean services and tasks', () => {
  fc.assert(
    fc.property(
      object('ID'),
      fc.array(object('ID'), { maxLength: 4 }),
      fc.array(object('ID'), { maxLength: 3 }),
      (...all) => {
        const [api, tasks, nodes] = all;
        const service = readService(api, 'prod');
        const read = tasks.map(task => readTask(task, service.isGlobal)).sort(byAge);
        for (const { service: _, ...task } of read) expectClean(task);
        const known = nodesById(nodes, 'prod', new Map(), NOW, NOW);
        const ledger = new CrashLedger();
        const sight = { source: 'prod', observedAt: NOW, now: NOW, nodes: known, ledger };
        expectClean([...known.values()]);
        expectClean(seenWorkload(service, read, sight, NOW));
        expectClean(seenWorkload(service, null, sight, NOW));
        expectClean(replicasOf(service, read, sight));
        expect(typeof pulseOf(api)).toBe('string');
      },
    ),
    { numRuns: 150 },
  );
});

test('any JSON becomes clean networks', () => {
  fc.assert(
    fc.property(fc.array(object('Id'), { maxLength: 4 }), networks => {
      expectClean(seenNetworks(networks, 'prod', NOW));
    }),
  );
});

test('what is no list of things with a name is an error, never an empty list', () => {
  fc.assert(
    fc.property(garbage, answer => {
      try {
        expect(listed(answer, 'ID' as never)).toBe(answer);
      } catch (error) {
        expect((error as Error).name).toBe('EngineError');
      }
    }),
  );
});
