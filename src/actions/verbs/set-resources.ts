import type { Change, Input } from '../../model/deed.ts';
import type { Workload } from '../../model/entity.ts';
import { parseQuantity } from '../../sources/kubernetes/quantity.ts';
import { containerOf, containerPatch, templateOf } from '../containers.ts';
import { kubectl, patchOf, resource, right, STRATEGIC, templateStanding } from '../kubernetes.ts';
import { at } from '../prove.ts';
import { STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { type Draft, InputError, type Plan, type Subject, Unfit, type Verb } from '../verb.ts';

/** Each field, and where Kubernetes and Swarm keep it. */
const FIELDS = {
  'cpu-request': { keys: ['requests', 'cpu'], swarm: ['Reservations', 'NanoCPUs'], flag: 'reserve-cpu' },
  'cpu-limit': { keys: ['limits', 'cpu'], swarm: ['Limits', 'NanoCPUs'], flag: 'limit-cpu' },
  'memory-request': { keys: ['requests', 'memory'], swarm: ['Reservations', 'MemoryBytes'], flag: 'reserve-memory' },
  'memory-limit': { keys: ['limits', 'memory'], swarm: ['Limits', 'MemoryBytes'], flag: 'limit-memory' },
} as const;
type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];
const NONE = 'none';

/** What a workload's replicas may count on, and what they may not pass. */
export const setResources: Verb = {
  name: 'set-resources',
  title: 'Set resources',
  help: 'Change how much CPU and memory is reserved for each replica, and the limits',
  kinds: ['workload'],
  parts: [
    ...['Deployment', 'CronJob'].map(type => ({ at: [...templateOf(type), 'spec', 'containers', '*', 'resources'] })),
    { at: ['Spec', 'TaskTemplate', 'Resources'] },
  ],
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads have resources to set';
    return /Job$/.test(noun.type) && noun.type !== 'CronJob' ? `those of a ${noun.type} cannot be changed` : null;
  },
  fields(noun) {
    const several = (noun as Workload).images.length > 1;
    return [
      ...(several ? [{ name: 'container', label: 'container', initial: '', help: 'its name' }] : []),
      ...NAMES.map(name => ({
        name,
        label: name.replace('-', ' '),
        initial: '',
        help: `${name.startsWith('cpu') ? '500m or 2' : '512Mi or 2Gi'}; none takes it away; empty leaves it`,
        optional: true as const,
      })),
    ];
  },
  plan(subject, input) {
    const asked = NAMES.filter(name => (input[name] ?? '').trim() !== '');
    for (const name of asked) check(name, wordOf(input, name));
    if (asked.length === 0) throw new Unfit('nothing is to be changed yet');
    return (subject.noun as Workload).system === 'kubernetes'
      ? inKubernetes(subject, input, asked)
      : inSwarm(subject, input, asked);
  },
};

function wordOf(input: Input, name: Field): string {
  return (input[name] ?? '').trim();
}

function check(name: Field, text: string): void {
  const value = text === NONE ? 0 : parseQuantity(text);
  if (value === null || value < 0) throw new InputError(name, `${text} is no quantity: 500m, 512Mi, none`);
  if (name.startsWith('memory') && value > 0 && value < 4 * 2 ** 20) {
    throw new InputError(name, `${text} is less than 4 MiB: surely Mi or Gi is meant`);
  }
}

function inKubernetes(subject: Subject, input: Input, asked: readonly Field[]): Draft {
  const { object } = subject;
  const noun = subject.noun as Workload;
  const { name, at: keys } = containerOf(subject, noun.type, input.container);
  const before = (field: Field) => String(at(object, [...keys, 'resources', ...FIELDS[field].keys]) ?? NONE);
  const resources: Record<string, Record<string, string | null>> = {};
  for (const field of asked) {
    const [group, what] = FIELDS[field].keys;
    const value = wordOf(input, field);
    resources[group] = { ...resources[group], [what]: value === NONE ? null : value };
  }
  const flags = (['requests', 'limits'] as const).flatMap(group => {
    const set = asked.filter(field => FIELDS[field].keys[0] === group);
    if (set.length === 0) return [];
    return `--${group}=${set.map(field => `${FIELDS[field].keys[1]}=${wordOf(input, field).replace(NONE, '0')}`).join(',')}`;
  });
  return {
    ...common(noun, asked, before, field => wordOf(input, field)),
    command: `${kubectl(noun)} set resources ${resource(noun)} -c=${name} ${flags.join(' ')}`,
    rights: [right(subject.path, 'patch')],
    edits: [patchOf(subject, containerPatch(noun.type, { name, resources }), STRATEGIC)],
    standing: templateStanding(subject, noun.type),
    inverse: { verb: 'set-resources', input: { container: name, ...pick(asked, before) } },
  };
}

/** Swarm counts billionths of a CPU, and bytes; 0 is none. */
function inSwarm(subject: Subject, input: Input, asked: readonly Field[]): Plan {
  const { path, object } = subject;
  const noun = subject.noun as Workload;
  const factor = (field: Field) => (field.startsWith('cpu') ? 1e9 : 1);
  const wanted = (field: Field) => {
    const text = wordOf(input, field);
    return text === NONE ? 0 : Math.round((parseQuantity(text) ?? 0) * factor(field));
  };
  const keysOf = (field: Field) => ['TaskTemplate', 'Resources', ...FIELDS[field].swarm];
  const before = (field: Field) => {
    const value = Number(at(object, ['Spec', ...keysOf(field)]) ?? 0);
    return value === 0 ? NONE : String(value / factor(field));
  };
  const flags = asked.map(field => `--${FIELDS[field].flag} ${wanted(field) / factor(field)}`);
  return {
    ...common(noun, asked, before, field => wordOf(input, field)),
    command: `docker service update ${flags.join(' ')} ${noun.name}`,
    rights: [],
    edits: [
      updateOf(subject, spec => {
        for (const field of asked) put(spec, keysOf(field), wanted(field));
        return spec;
      }),
    ],
    // The engine leaves a 0 out.
    proofs: asked.map(field => ({ path, at: ['Spec', ...keysOf(field)], is: wanted(field) || null })),
    standing: signal => serviceStanding(subject, signal),
    steadyMs: STEADY_MS,
    inverse: { verb: 'set-resources', input: pick(asked, before) },
  };
}

function put(spec: Record<string, unknown>, keys: readonly string[], value: number): void {
  const [last = '', ...above] = keys.toReversed();
  let inner = spec;
  for (const key of above.toReversed()) {
    inner[key] ??= {};
    inner = inner[key] as Record<string, unknown>;
  }
  if (value === 0) delete inner[last];
  else inner[last] = value;
}

function pick(fields: readonly Field[], value: (field: Field) => string): Input {
  return Object.fromEntries(fields.map(field => [field, value(field)]));
}

function common(
  noun: Workload,
  asked: readonly Field[],
  from: (field: Field) => string,
  to: (field: Field) => string,
): Pick<Plan, 'risk' | 'changes' | 'notes'> {
  const changes: Change[] = asked.map(what => ({ what: what.replace('-', ' '), from: from(what), to: to(what) }));
  if (noun.type === 'CronJob') return { risk: 'safe', changes, notes: ['its next jobs have them'] };
  return { risk: 'disruptive', changes, notes: [`replaces ${noun.wanted ?? 'all'} of its replicas`] };
}
