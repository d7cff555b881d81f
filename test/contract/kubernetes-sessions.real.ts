import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Verb } from '../../src/actions/verb.ts';
import { verbNamed } from '../../src/actions/verbs.ts';
import type { Noun, Replica } from '../../src/model/entity.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import type { Refused } from '../helpers/kube-client.ts';
import { printer } from '../helpers/printer.ts';
import { typist } from '../helpers/typist.ts';
import { consentTo, seen, type Target } from './actions.ts';
import { type KubernetesActionsBed, realKubernetesActions } from './kubernetes-actions-bed.ts';

const NEVER = new AbortController().signal;
const LONG_MS = 60_000;

/** What exec.test.ts, port-forward.test.ts and debug.test.ts of test/actions hold of the embedded platform. */
describe('sessions in pods of the real Kubernetes', { timeout: LONG_MS }, () => {
  let bed: KubernetesActionsBed;
  let pod: Target;
  let noun: Noun;
  const web = createServer((_, response) => response.end('from the pod'));
  beforeAll(async () => {
    bed = await realKubernetesActions();
    await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    pod = await bed.system.pod('session');
    const annotations = { 'bed/port-8080': String(port) };
    await bed.system.client.patch('/api/v1/namespaces/saasodoo/pods/session', { metadata: { annotations } });
    noun = await seen(bed.fleet, { ...pod, until: each => (each as Replica).ready });
  }, LONG_MS);
  afterAll(async () => {
    await pod?.clean();
    web.close();
    await bed?.close();
  }, LONG_MS);

  it.each([
    ['echo hello', ['stdout: hello\n'], 0],
    ['sh -c "echo no >&2; exit 3"', ['stderr: no\n'], 3],
  ])('runs %s', async (command, printed, exitCode) => {
    const console = printer();
    const gateway = gatewayFor(bed.fleet, { console });
    const proposal = await gateway.prepare(verbNamed('exec') as Verb, noun, { command }, AbortSignal.timeout(LONG_MS));
    const { outcome, exitCode: code } = await gateway.carryOut(proposal, consentTo(proposal), NEVER);
    expect([outcome, code, console.printed]).toEqual(['done', exitCode, printed]);
  });

  it('leads into the pod until it is ended', async () => {
    const gateway = gatewayFor(bed.fleet);
    const input = { port: '8080', local: '0' };
    const proposal = await gateway.prepare(
      verbNamed('port-forward') as Verb,
      noun,
      input,
      AbortSignal.timeout(LONG_MS),
    );
    const ended = gateway.carryOut(proposal, consentTo(proposal), NEVER);
    const url = await vi.waitFor(() => {
      const [, address] = /^(127\.0\.0\.1:\d+) →/.exec(gateway.background[0]?.words ?? '') ?? [];
      if (!address) throw new Error(`it does not listen: ${gateway.actions[0]?.words}`);
      return `http://${address}/`;
    });
    const asked = await fetch(url, { headers: { connection: 'close' } });
    expect(await asked.text()).toBe('from the pod');
    gateway.background[0]?.stop();
    expect(await ended).toMatchObject({ outcome: 'done', words: expect.stringMatching(/ended after 1 connection/) });
  });

  it('makes a pod of its own for its shell, and removes it', async () => {
    const console = typist('echo in the $HOSTNAME\rexit 3\r');
    const gateway = gatewayFor(bed.fleet, { console });
    const proposal = await gateway.prepare(verbNamed('debug') as Verb, noun, {}, AbortSignal.timeout(LONG_MS));
    const [, name] = / run (debug-\w+) /.exec(proposal.plan.command) ?? [];
    const { outcome, exitCode, words } = await gateway.carryOut(proposal, consentTo(proposal), NEVER);
    expect([outcome, exitCode, words]).toEqual(['done', 3, expect.stringContaining('the pod is removed')]);
    expect(console.printed).toContain(`in the ${name}`);
    const path = `/api/v1/namespaces/saasodoo/pods/${name}`;
    const status = () =>
      bed.system.client.json(path).then(
        () => 200,
        (error: Refused) => error.status,
      );
    await expect.poll(status, { timeout: 15_000 }).toBe(404);
  });

  it('is refused to who may only read', async () => {
    const gateway = gatewayFor(bed.viewer as NonNullable<typeof bed.viewer>, { console: printer() });
    const known = await seen(bed.viewer as NonNullable<typeof bed.viewer>, pod);
    const { refused } = await gateway.prepare(
      verbNamed('exec') as Verb,
      known,
      { command: 'ls' },
      AbortSignal.timeout(LONG_MS),
    );
    expect(refused).toMatch(/^not allowed: .+ may not create pods\/exec/);
  });
});
