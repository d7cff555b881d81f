import type { Node, Noun } from '../../model/entity.ts';
import type { Client } from '../../sources/client.ts';
import { sparesNamedVolumes, WASTES, type Waste, type WasteKind, wasteOf } from '../../sources/swarm/waste.ts';
import { bytes } from '../../text/format.ts';
import { NotDone } from '../attempt.ts';
import { dockerOf, engineOn } from '../engines.ts';
import { at } from '../prove.ts';
import { sendStep } from '../steps.ts';
import { InputError, NothingToDo, type Plan, type Verb } from '../verb.ts';

const COMMANDS: Record<WasteKind, string> = {
  containers: 'docker container prune --force',
  images: 'docker image prune --force',
  'all-images': 'docker image prune --all --force',
  volumes: 'docker volume prune --force',
  'all-volumes': 'docker volume prune --all --force',
  networks: 'docker network prune --force',
  'build-cache': 'docker builder prune --force',
};

const PATHS: Record<WasteKind, string> = {
  containers: '/containers/prune',
  images: '/images/prune',
  'all-images': `/images/prune?filters=${encodeURIComponent('{"dangling":["false"]}')}`,
  volumes: '/volumes/prune',
  'all-volumes': `/volumes/prune?filters=${encodeURIComponent('{"all":["true"]}')}`,
  networks: '/networks/prune',
  'build-cache': '/build/prune',
};

/** Where the engine tells of one of them; of its build cache it tells only as a whole. */
const PLACES: Record<Exclude<WasteKind, 'build-cache'>, (id: string) => string> = {
  containers: id => `/containers/${id}/json`,
  images: id => `/images/${id}/json`,
  'all-images': id => `/images/${id}/json`,
  volumes: id => `/volumes/${encodeURIComponent(id)}`,
  'all-volumes': id => `/volumes/${encodeURIComponent(id)}`,
  networks: id => `/networks/${id}`,
};
/** So many of them tell whether it was done. */
const PROVEN = 20;

/** What an engine keeps and nothing uses, removed. */
export const prune: Verb = {
  name: 'prune',
  title: 'Clean up',
  help: 'Remove containers, images, volumes or networks that nothing uses; they are shown before',
  kinds: ['node'],
  unfit(noun) {
    if (noun.kind !== 'node') return 'only engines are cleaned up';
    return noun.system === 'swarm' ? null : 'the kubelet cleans up after itself';
  },
  fields: () => [{ name: 'what', label: 'what', initial: 'containers', help: WASTES.join(', '), choices: [...WASTES] }],
  async plan(subject, { what = 'containers' }) {
    const kind = WASTES.find(each => each === what);
    if (!kind) throw new InputError('what', `${WASTES.join(', ')}: one of these is wanted`);
    const { noun, signal } = subject;
    const client = await engineOn(noun as Node, subject, COMMANDS[kind].replace(' --force', ''));
    const isVolumes = kind === 'volumes' || kind === 'all-volumes';
    const spares = isVolumes ? await sparesNamedVolumes(client, signal) : true;
    const shown = await wasteOf(kind, spares, client, signal);
    if (shown.length === 0) throw new NothingToDo(`there is nothing to remove: no ${kind} that nothing uses`);
    return planned(kind, spares, shown, { noun, client, docker: dockerOf(client, subject.client) });
  },
};

interface On {
  noun: Noun;
  /** Of its engine. */
  client: Client;
  docker: string;
}

function planned(kind: WasteKind, spares: boolean, shown: readonly Waste[], { noun, client, docker }: On): Plan {
  const isVolumes = kind === 'volumes' || kind === 'all-volumes';
  let freed = '';
  const proofs =
    kind === 'build-cache' ? [] : shown.slice(0, PROVEN).map(({ id }) => ({ path: PLACES[kind](id), gone: id }));
  return {
    command: COMMANDS[spares ? kind : isVolumes ? 'volumes' : kind].replace('docker', docker),
    through: client,
    risk: isVolumes ? 'destructive' : 'disruptive',
    changes: [{ what: kind, from: `${shown.length} that nothing uses`, to: 'none' }],
    notes: [
      `on the engine of ${noun.name}: ${named(shown)}`,
      ...(kind === 'networks' ? [] : [`frees up to ${measured(shown)}`]),
      ...(isVolumes ? ['the data in them are lost for ever'] : []),
      ...(isVolumes && !spares ? ['this engine makes no difference: those with names go as well'] : []),
      ...(kind === 'all-images' ? ['what is started next has to be pulled again'] : []),
    ],
    rights: [],
    edits: [],
    async follow(steps) {
      const known = new Set(shown.map(({ id }) => id));
      const more = (await wasteOf(kind, spares, client, steps.signal)).filter(({ id }) => !known.has(id));
      if (more.length > 0) throw new NotDone('refused', `it would remove what was not shown: ${named(more)}`);
      const path = spares ? PATHS[kind] : PATHS.volumes;
      freed = freedBy(await sendStep(steps, { method: 'POST', path }, { client, proofs }));
    },
    proofs,
    async standing(signal) {
      const left = await wasteOf(kind, spares, client, signal);
      const still = left.filter(({ id }) => shown.some(each => each.id === id));
      const words = `${shown.length - still.length} of ${shown.length} ${kind} removed${freed}`;
      return { state: 'done', words: still.length > 0 ? `${words}; still there: ${named(still)}` : words };
    },
    inverse: null,
  };
}

function freedBy(answer: unknown): string {
  const freed = at(answer, ['SpaceReclaimed']);
  return typeof freed === 'number' ? `, ${bytes(freed)} freed` : '';
}

function measured(of: readonly Waste[]): string {
  const sum = of.reduce((total, each) => total + (each.bytes ?? 0), 0);
  const unmeasured = of.filter(each => each.bytes === null).length;
  return unmeasured > 0 ? `${bytes(sum)}, and what ${unmeasured} of them hold is not known` : bytes(sum);
}

/** What is gone for ever is named before, as far as anybody reads it. */
const NAMED = 50;

function named(of: readonly Waste[]): string {
  const names = of
    .slice(0, NAMED)
    .map(each => (each.bytes === null ? each.name : `${each.name} (${bytes(each.bytes)})`));
  return `${names.join(', ')}${of.length > NAMED ? ` and ${of.length - NAMED} more` : ''}`;
}
