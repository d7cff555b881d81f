import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Verb } from '../../src/actions/verb.ts';
import { verbNamed } from '../../src/actions/verbs.ts';
import type { Input } from '../../src/model/deed.ts';
import type { Noun } from '../../src/model/entity.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { printer } from '../helpers/printer.ts';
import { consentTo } from './actions.ts';
import { realSwarmActions, type SwarmActionsBed } from './swarm-actions-bed.ts';
import { APP } from './swarm-specs.ts';

const NEVER = new AbortController().signal;
const LONG_MS = 90_000;
const COMPOSE = `services:
  web:
    image: "\${IMAGE}"
    environment: { GREETING: "\${GREETING}" }
    deploy: { placement: { constraints: ["node.role == manager"] } }
`;

/** What test/actions/deploy-stack.test.ts and exec.test.ts hold of the embedded platform. */
describe('a stack of the real swarm', { timeout: LONG_MS }, () => {
  let bed: SwarmActionsBed;
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-stack-'));
  const console = printer();
  const act = async (verb: string, noun: Noun, input: Input) => {
    const gateway = gatewayFor(bed.fleet, { console, waits: bed.waits });
    const proposal = await gateway.prepare(verbNamed(verb) as Verb, noun, input, AbortSignal.timeout(LONG_MS));
    return gateway.carryOut(proposal, consentTo(proposal), NEVER);
  };
  const service = () => bed.fleet.named('workload', 'sessions_web')[0];
  const manager = () => bed.fleet.named('node', 'node1')[0] as Noun;
  beforeAll(async () => {
    bed = await realSwarmActions();
    writeFileSync(join(folder, 'web.yml'), COMPOSE);
    writeFileSync(join(folder, 'env'), `IMAGE=${APP}\nGREETING='hello to all'\n`);
  }, LONG_MS);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await bed?.close();
  }, LONG_MS);

  it('is deployed from its file with its variables, and waited for', async () => {
    const input = { stack: 'sessions', file: join(folder, 'web.yml'), env: join(folder, 'env') };
    expect(await act('deploy-stack', manager(), input)).toMatchObject({ outcome: 'done' });
    await vi.waitFor(() => expect(service()).toMatchObject({ ready: 1, wanted: 1 }), { timeout: 30_000 });
  });

  it('has containers in which commands run', async () => {
    const { outcome, exitCode } = await act('exec', service() as Noun, { command: 'sh -c "echo $GREETING; exit 4"' });
    expect([outcome, exitCode, console.printed]).toEqual(['done', 4, ['stdout: hello to all\n']]);
  });

  it('is removed whole', async () => {
    expect(await act('remove-stack', service() as Noun, {})).toMatchObject({ outcome: 'done' });
    await vi.waitFor(() => expect(service()).toBeUndefined(), { timeout: 30_000 });
  });
});
