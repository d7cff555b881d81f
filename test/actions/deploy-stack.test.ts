import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { at, prove } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { Permit } from '../../src/sources/permit.ts';
import { runCommand } from '../../src/sources/run-command.ts';
import { OnDemo } from './on-demo.ts';

const SECRET = 'demo-not-a-secret-hunter2';
const COMPOSE = `services:
  user-service: { image: "registry/user-service:\${TAG}" }
  newcomer: { image: "alpine:\${OTHER:-3}", environment: { A: "\${UNSET}", B: "$$LITERAL" } }
`;

let demo: OnDemo;
let service: Noun;
let folder: string;
const input = () => ({ file: join(folder, 'web.yml'), env: join(folder, 'env') });

beforeAll(async () => {
  demo = await OnDemo.start();
  service = await demo.noun('swarm/service/saasodoo_user-service');
});
afterAll(() => demo.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-stack-'));
  writeFileSync(join(folder, 'web.yml'), COMPOSE);
  writeFileSync(join(folder, 'env'), `TAG=9\nDB_PASSWORD='${SECRET}'\n`);
  docker('exit 0');
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A docker command that notes how it was called, and then does this. */
function docker(then: string): void {
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >"${folder}/argv"\nprintf '%s %s' "$TAG" "$DB_PASSWORD" >"${folder}/seen"\n${then}\n`;
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
}

it('is bound by a rule about what it comes to for a service, and as risky', async () => {
  const compose = 'services: { user-service: { image: "registry/user-service:9", deploy: { replicas: 0 } } }';
  writeFileSync(join(folder, 'web.yml'), compose);
  const rules = [{ verbs: ['scale'], when: 'name=saasodoo_user-service', deny: 'not this one' }];
  const { plan, refused } = await demo.propose('deploy-stack', service, input(), demo.gateway({ rules }));
  expect(refused).toBe('not this one');
  expect(plan.changes).toContainEqual({ what: 'replicas of user-service', from: '1', to: '0' });
  expect(plan.risk).toBe('destructive');
  const others = [{ verbs: ['scale', 'set-image'], when: 'name=saasodoo_redis', deny: 'not this one' }];
  expect((await demo.propose('deploy-stack', service, input(), demo.gateway({ rules: others }))).refused).toBeNull();
  const image = [{ verbs: ['set-image'], when: 'name=saasodoo_user-service', reason: true }];
  const { needs } = await demo.propose('deploy-stack', service, input(), demo.gateway({ rules: image }));
  expect(needs.reason).toBe(true);
});

it('says what would change, and nothing of the variables', async () => {
  const { plan } = await demo.propose('deploy-stack', service, input());
  const { file, env } = input();
  expect(plan.command).toMatch(
    new RegExp(
      `^set -a && source ${env} && set \\+a && docker --host tcp://\\S+ stack deploy --compose-file ${file} saasodoo$`,
    ),
  );
  expect(plan.changes).toContainEqual({ what: 'service newcomer', from: 'not there', to: 'alpine:3' });
  expect(plan.changes).toContainEqual({
    what: 'image of user-service',
    from: expect.stringContaining('user-service'),
    to: 'registry/user-service:9',
  });
  expect(plan.notes).toContain('without a value, so they become empty: UNSET');
  expect(plan.notes).toContainEqual(expect.stringMatching(/^not in the file any more, and left as they are: .*redis/));
  expect(JSON.stringify(plan)).not.toContain(SECRET);
});

it('runs the docker command with the variables, and waits for the services', async () => {
  const gateway = demo.gateway();
  const { outcome, words } = await demo.act('deploy-stack', service, input(), gateway);
  expect({ outcome, words }).toEqual({
    outcome: 'done',
    words: expect.stringMatching(/^(\d+) of \1 services are there/),
  });
  expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe(`9 ${SECRET}`);
  const said = readFileSync(join(folder, 'argv'), 'utf8');
  expect(said).toMatch(/^--host tcp:\/\/\S+ stack deploy --compose-file \S+web\.yml saasodoo\n$/);
  expect(JSON.stringify(gateway.journal.deeds({ since: 0, limit: 10 }))).not.toContain(SECRET);
});

it('is proven by each of its services: written anew, with the image that the file names', async () => {
  writeFileSync(join(folder, 'web.yml'), 'services: { user-service: { image: "registry/user-service:9" } }');
  const { plan, client } = await demo.propose('deploy-stack', service, input());
  const proven = () => prove(plan.proofs, client, AbortSignal.timeout(5_000));
  expect(await proven()).toBe(false);
  // As `docker stack deploy` does it.
  const object = await demo.read(service);
  const spec = at(object, ['Spec']) as { Labels: object };
  const write = async (Labels: object) => {
    const version = at(await demo.read(service), ['Version', 'Index']);
    const path = `${demo.pathOf(service)}/update?version=${version}`;
    await demo.write('swarm', { method: 'POST', path, body: { ...spec, Labels } });
  };
  await write({ ...spec.Labels, somebody: 'else' });
  expect(await proven()).toBe(false);
  await write({ ...spec.Labels, 'com.docker.stack.image': 'registry/user-service:9' });
  expect(await proven()).toBe(true);
});

it('takes the files that the profile names', async () => {
  const { file, env } = input();
  const gateway = demo.gateway({ stacks: { saasodoo: { compose: file, env } } });
  expect((await demo.propose('deploy-stack', service, {}, gateway)).plan.command).toContain(`source ${env}`);
  await expect(demo.propose('deploy-stack', service, {})).rejects.toThrow('the profile names none for saasodoo');
});

it('tells what docker said when it fails, and no secret', async () => {
  docker(`echo "cannot reach the registry as $DB_PASSWORD" >&2\nexit 3`);
  const { outcome, words } = await demo.act('deploy-stack', service, input());
  expect({ outcome, words }).toEqual({
    outcome: 'failed',
    words: 'docker ended with 3: cannot reach the registry as ********',
  });
});

it('guesses no line that it does not understand, and names no value of it', async () => {
  writeFileSync(join(folder, 'env'), `TAG=9\nDB_PASSWORD=$(cat ${SECRET})\n`);
  const error = await demo.propose('deploy-stack', service, input()).catch(error => error as Error);
  expect(String(error)).toMatch(/line 2 of \S+ is not understood: the value of DB_PASSWORD needs a shell$/);
});

it('gives a new stack to a manager', async () => {
  const manager = await demo.noun('swarm/node/vps-1');
  await expect(demo.propose('deploy-stack', manager, input())).rejects.toThrow('the name of a stack is wanted');
  const { plan } = await demo.propose('deploy-stack', manager, { ...input(), stack: 'fresh' });
  expect(plan.command).toMatch(/web\.yml fresh$/);
  expect(plan.changes.map(({ from }) => from)).toEqual(['not there', 'not there']);
  await expect(demo.propose('deploy-stack', await demo.noun('swarm/node/vps-2'), input())).rejects.toThrow('a manager');
});

it('says which file is not there, and that there is no docker command', async () => {
  await expect(demo.propose('deploy-stack', service, { file: '/no/such.yml' })).rejects.toThrow('/no/such.yml: ENOENT');
  vi.stubEnv('PATH', '/nowhere');
  await expect(demo.propose('deploy-stack', service, input())).rejects.toThrow('there is no docker command here');
});

it('runs nothing when its action has ended', async () => {
  const permit = Permit.issue();
  permit.end();
  const command = { argv: ['docker', 'x'], env: {}, secrets: [] };
  await expect(runCommand(permit, command, () => {})).rejects.toThrow('has ended');
  expect(() => readFileSync(join(folder, 'argv'))).toThrow('ENOENT');
});
