import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Change, Input, Proof } from '../../model/deed.ts';
import type { Node, Noun, Workload } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import type { Client } from '../../sources/client.ts';
import { parseEnvFile } from '../../text/env-file.ts';
import { shellWord } from '../../text/shell.ts';
import { NotDone, why } from '../attempt.ts';
import type { Compose } from '../compose.ts';
import type { Foreseen } from '../foreseen.ts';
import { at, uidOf } from '../prove.ts';
import { partsOf, STACK_LABEL } from '../stack.ts';
import { STEADY_MS, serviceStanding } from '../swarm.ts';
import { InputError, type Plan, type Standing, type Subject, Unfit, type Verb } from '../verb.ts';

/** A stack brought to what its compose file says, by the docker command of this machine. */
export const deployStack: Verb = {
  name: 'deploy-stack',
  title: 'Deploy the stack',
  help: 'Bring a stack to what its compose file says, with the variables of its env file',
  kinds: ['workload', 'node'],
  unfit(noun) {
    if ((noun.kind !== 'workload' && noun.kind !== 'node') || noun.system !== 'swarm') return 'only a swarm has stacks';
    if (noun.kind === 'node') return noun.roles.includes('manager') ? null : 'a new stack is given to a manager';
    return noun.namespace === null ? 'it belongs to no stack' : null;
  },
  named: serviceOfStack,
  fields: noun => [
    ...(noun.kind === 'node' ? [{ name: 'stack', label: 'stack', initial: '', help: 'its name' }] : []),
    { name: 'file', label: 'compose file', initial: '', help: 'as the profile says when left empty' },
    { name: 'env', label: 'env file', initial: '', help: 'NAME=VALUE lines; as the profile says', optional: true },
  ],
  async plan(subject, input) {
    const { client, stacks } = subject;
    const noun = subject.noun as Workload | Node;
    const stack = stackOf(noun, input);
    const file = home(input.file?.trim() || stacks[stack]?.compose || '');
    if (file === '') throw new InputError('file', `a compose file is wanted: the profile names none for ${stack}`);
    const envFile = home(input.env?.trim() || stacks[stack]?.env || '');
    const values = envFile === '' ? {} : await readEnv(envFile);
    const compose = await composeOf(file, { ...process.env, ...values });
    if (!(await isThere('docker'))) throw new Unfit('there is no docker command here: install the Docker CLI');
    const docker = ['docker', ...(client.flags ?? []), 'stack', 'deploy', '--compose-file', file, stack];
    const deploy = docker.map(shellWord).join(' ');
    const there = await servicesOf(stack, client, subject.signal);
    const comesTo = foreseenOf(stack, compose, there);
    const { changes, notes } = differences(stack, noun.source, compose, subject.fleet);
    return {
      command: envFile === '' ? deploy : `set -a && source ${shellWord(envFile)} && set +a && ${deploy}`,
      risk: 'disruptive',
      phrase: stack,
      changes: [...changes, ...comesTo.flatMap(change => replicasIn(stack, change))],
      notes,
      comesTo,
      rights: [],
      edits: [],
      async follow({ run, tell }) {
        tell(`docker stack deploy ${stack}`);
        const secrets = Object.values(values).filter(
          value => value.length >= LEAST_SECRET && !isPublic(value, compose),
        );
        const { code, said } = await run({ argv: docker, env: values, secrets });
        if (code === 0) return;
        throw new NotDone('failed', `docker ended with ${code ?? 'a signal'}: ${said.slice(-2).join(' · ')}`);
      },
      byCommand: true,
      proofs: proofsOf(stack, compose, there),
      standing: signal => standing(stack, subject, client, signal),
      steadyMs: STEADY_MS,
      inverse: null,
    };
  },
};

/** By this label the docker command knows the image that the compose file names (docker/cli, cli/compose/convert). */
const IMAGE_LABEL = 'com.docker.stack.image';

/** Each service of the file is written anew, and bears the image that the file names. */
function proofsOf(stack: string, { services }: Compose, there: readonly unknown[]): Proof[] {
  return [...services].flatMap(([short, image]): Proof[] => {
    const name = `${stack}_${short}`;
    const path = `/services/${encodeURIComponent(name)}`;
    const known = there.find(service => at(service, ['Spec', 'Name']) === name);
    const version = Number(at(known, ['Version', 'Index']));
    const isTold = image === null || at(known, ['Spec', 'Labels', IMAGE_LABEL]) === image;
    return [
      ...(known ? [{ path, past: version }] : []),
      ...(isTold ? [] : [{ path, at: ['Spec', 'Labels', IMAGE_LABEL], is: image }]),
    ];
  });
}

async function servicesOf(stack: string, client: Client, signal: AbortSignal): Promise<unknown[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${STACK_LABEL}=${stack}`] }));
  return (await client.get(`/services?filters=${filters}`, signal)) as unknown[];
}

/** What the file makes of the images and the replicas of those that are there: the docker command does the rest. */
function foreseenOf(stack: string, { services, replicas }: Compose, there: readonly unknown[]): Foreseen[] {
  return there.flatMap((before): Foreseen[] => {
    const name = String(at(before, ['Spec', 'Name'])).slice(stack.length + 1);
    if (!services.has(name)) return [];
    const after = structuredClone(before) as { Spec: Fields };
    const [image, count] = [services.get(name), replicas.get(name)];
    const container = at(after, IMAGE_AT.slice(0, -1)) as Fields | null;
    const was = String(at(before, IMAGE_AT)).replace(/@sha256:.*/, '');
    if (container && image && image !== was) container.Image = image;
    if (at(before, REPLICAS_AT) !== null && typeof count === 'number')
      after.Spec.Mode = { Replicated: { Replicas: count } };
    return [{ path: `/services/${encodeURIComponent(uidOf(before) ?? '')}`, before, after }];
  });
}

type Fields = Record<string, unknown>;
const IMAGE_AT = ['Spec', 'TaskTemplate', 'ContainerSpec', 'Image'];
const REPLICAS_AT = ['Spec', 'Mode', 'Replicated', 'Replicas'];

function replicasIn(stack: string, { before, after }: Foreseen): Change[] {
  const [from, to] = [at(before, REPLICAS_AT), at(after, REPLICAS_AT)];
  const name = printable(String(at(before, ['Spec', 'Name'])).slice(stack.length + 1));
  return from === to ? [] : [{ what: `replicas of ${name}`, from: String(from), to: String(to) }];
}

/** That of the service, or a new one on the swarm of the node. */
function stackOf(noun: Workload | Node, { stack = '' }: Input): string {
  if (noun.kind === 'workload') {
    if (noun.namespace === null) throw new Unfit('it belongs to no stack');
    return noun.namespace;
  }
  // As the docker command takes it (docker/cli, cli/command/stack: validateStackName).
  if (!/^[a-z0-9][\w.-]*$/i.test(stack)) throw new InputError('stack', 'the name of a stack is wanted');
  return stack;
}

/** Shorter ones are words and numbers, and would blot out what is said. */
const LEAST_SECRET = 6;

/** What stands in the names of services and images is said anyway. */
function isPublic(value: string, { services }: Compose): boolean {
  return [...services].some(([name, image]) => name.includes(value) || (image ?? '').includes(value));
}

/** The word that names a stack stands for the first of its services. */
export function serviceOfStack(word: string, fleet: Fleet): Noun | undefined {
  return [...fleet.all('workload').values()].find(({ system, namespace }) => system === 'swarm' && namespace === word);
}

async function readEnv(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch(error => {
    throw new InputError('env', notRead(file, error));
  });
  const { values, odd } = parseEnvFile(text, process.env);
  const [first] = odd;
  if (first) {
    const more = odd.length > 1 ? `, and ${odd.length - 1} more` : '';
    throw new InputError('env', `line ${first.line} of ${printable(file)} is not understood: ${first.why}${more}`);
  }
  return values;
}

async function composeOf(file: string, values: Readonly<Record<string, string | undefined>>): Promise<Compose> {
  try {
    const { readCompose } = await import('../compose.ts');
    return readCompose(await readFile(file, 'utf8'), values);
  } catch (error) {
    throw new InputError('file', notRead(file, error));
  }
}

function differences(
  stack: string,
  source: string,
  { services, unset }: Compose,
  fleet: Fleet,
): Pick<Plan, 'changes' | 'notes'> {
  const there = new Map(
    [...fleet.all('workload').values()]
      .filter(workload => workload.source === source && workload.namespace === stack)
      .map(({ name, images }) => [name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name, images[0]]),
  );
  const changes = [...services].flatMap(([name, image]): Change[] => {
    if (!there.has(name)) return [{ what: `service ${name}`, from: 'not there', to: printable(image ?? 'deployed') }];
    const from = there.get(name)?.replace(/@sha256:.*/, '');
    const isSame = image === null || from === undefined || from === image;
    return isSame ? [] : [{ what: `image of ${name}`, from, to: printable(image) }];
  });
  const left = [...there.keys()].filter(name => !services.has(name));
  return {
    changes,
    notes: [
      `updates ${services.size} services of ${stack}; those whose specification differs are replaced`,
      ...(left.length > 0 ? [`not in the file any more, and left as they are: ${left.join(', ')}`] : []),
      ...(unset.length > 0 ? [`without a value, so they become empty: ${unset.join(', ')}`] : []),
      'run by the docker command of this machine; the variables are neither shown nor kept',
    ],
  };
}

async function standing(stack: string, { fleet }: Subject, client: Client, signal: AbortSignal): Promise<Standing> {
  const services = (await partsOf(stack, client, signal)).filter(({ kind }) => kind === 'service');
  if (services.length === 0) return { state: 'under way', words: `no service of ${stack} is there yet` };
  const waiting: string[] = [];
  for (const { name, path } of services) {
    const { state, words } = await serviceStanding({ path, client, fleet }, signal);
    if (state === 'failed') return { state, words: `${name}: ${words}` };
    if (state === 'under way') waiting.push(`${name}: ${words}`);
  }
  const [first] = waiting;
  if (!first) return { state: 'done', words: `${services.length} of ${services.length} services are there` };
  return { state: 'under way', words: `${services.length - waiting.length} of ${services.length} services; ${first}` };
}

function notRead(file: string, error: unknown): string {
  const from = isAbsolute(file) ? '' : ` (from ${printable(process.cwd())})`;
  return `${printable(file)}${from}: ${printable(why(error), 200)}`;
}

function home(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

async function isThere(program: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
