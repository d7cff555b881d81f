import type { Change, Proof } from '../../model/deed.ts';
import type { Node, Workload } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { Refusal, type Right, type Write } from '../../sources/client.ts';
import { shellWord } from '../../text/shell.ts';
import { partly, why } from '../attempt.ts';
import { changesBetween } from '../changes.ts';
import type { ApiPlace, Manifest } from '../manifests.ts';
import { at, proofsBetween, uidOf } from '../prove.ts';
import { counted } from '../room.ts';
import { standingOf } from '../standing.ts';
import { sendStep } from '../steps.ts';
import { type Edit, InputError, type Plan, type Standing, type Subject, Unfit, type Verb } from '../verb.ts';

/** Objects brought to what files say, by the server itself (server-side apply). */
export const apply: Verb = {
  name: 'apply',
  title: 'Apply manifests',
  help: 'Bring objects to what a file, a folder or a kustomization says; it is shown before',
  kinds: ['workload', 'node'],
  unfit(noun) {
    const isKubernetes = (noun.kind === 'workload' || noun.kind === 'node') && noun.system === 'kubernetes';
    return isKubernetes ? null : 'manifests are for Kubernetes: a swarm has stacks';
  },
  named: (word, fleet) =>
    [...fleet.all('node').values()].find(({ source, system }) => system === 'kubernetes' && source === word),
  fields: () => [
    { name: 'file', label: 'file or folder', initial: '', help: 'of manifests, or with a kustomization' },
    { name: 'force', label: 'force', initial: 'no', help: 'yes: take over what others manage', choices: ['no', 'yes'] },
  ],
  async plan(subject, { file = '', force = 'no' }) {
    if (file.trim() === '') throw new InputError('file', 'a file or folder is wanted');
    const { readManifests } = await import('../manifests.ts');
    const { manifests, isKustomized } = await readManifests(file.trim()).catch(error => {
      throw new InputError('file', printable(why(error), 200));
    });
    return planned(subject, manifests, { file: file.trim(), isKustomized, force: force === 'yes' });
  },
};

interface Item {
  manifest: Manifest;
  place: ApiPlace;
  /** As it is; null: not there. */
  seen: unknown;
  /** As it would be; null where that cannot be asked. */
  wanted: unknown;
}

interface How {
  file: string;
  isKustomized: boolean;
  force: boolean;
}

async function planned(subject: Subject, manifests: Manifest[], { file, isKustomized, force }: How): Promise<Plan> {
  const { client, signal } = subject;
  const noun = subject.noun as Workload | Node;
  const namespace = (noun.kind === 'workload' && noun.namespace) || 'default';
  const { placesOf } = await import('../manifests.ts');
  const placeOf = placesOf(client, namespace, signal);
  const made = new Set(manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  const items: Item[] = [];
  for (const manifest of manifests) {
    const place = await placeOf(manifest);
    const isEarly = place.namespace !== null && made.has(place.namespace);
    items.push({ manifest, place, ...(await foreseen(subject, manifest, place, { force, isEarly })) });
  }
  const changes = items.flatMap(changesOf);
  const fresh = items.filter(({ seen }) => seen === null);
  const blind = items.filter(({ wanted }) => wanted === null);
  return {
    command: [
      'kubectl apply --server-side --field-manager=quarterdeck',
      ...(force ? ['--force-conflicts'] : []),
      ...(noun.kind === 'workload' ? [`-n ${namespace}`] : []),
      `${isKustomized ? '-k' : '-f'} ${shellWord(file)}`,
    ].join(' '),
    risk: 'disruptive',
    changes,
    notes: [
      `${counted(items.length, 'object')}, of them ${fresh.length} new: ${items.slice(0, NAMED).map(labelOf).join(', ')}`,
      ...(changes.length === 0 ? ['nothing would change'] : []),
      ...(blind.length > 0 ? [`not rehearsed, their namespace is made first: ${blind.map(labelOf).join(', ')}`] : []),
      ...(force ? ['takes over fields that others manage'] : []),
    ],
    rights: items.flatMap(rightsFor),
    edits: items.filter(({ wanted }) => wanted !== null).map(item => editOf(item, force)),
    async follow(steps) {
      for (const { manifest, place, seen } of blind) {
        await sendStep(steps, writeOf(manifest, place, seen, force)).catch((error: unknown) => {
          throw partly(error, `not all of ${items.length} written`);
        });
      }
    },
    proofs: items.flatMap(proofsOf),
    standing: signal => standing(items, subject, signal),
    inverse: null,
  };
}

const NAMED = 8;
const MOST_TRIES = 5;
const TYPE = 'application/apply-patch+yaml';

/** With the version and identity that were seen: the server takes them as a precondition. */
function writeOf(manifest: Manifest, { path }: ApiPlace, base: unknown, force: boolean): Write {
  const resourceVersion = at(base, ['metadata', 'resourceVersion']);
  const metadata = base === null ? manifest.metadata : { ...manifest.metadata, uid: uidOf(base), resourceVersion };
  return {
    method: 'PATCH',
    path: `${path}?fieldManager=quarterdeck${force ? '&force=true' : ''}`,
    type: TYPE,
    body: { ...manifest, metadata },
  };
}

function editOf({ manifest, place, seen }: Item, force: boolean): Edit {
  return {
    path: place.path,
    seen,
    // What is not there has no version to go along: whoever made it meanwhile would find theirs changed.
    ...(seen === null && { isBlind: true }),
    moved: fresh => {
      const name = labelOf({ manifest });
      if (seen === null && fresh !== null) return `${name} was not there when this was shown, and is there now`;
      if (uidOf(seen) !== uidOf(fresh)) return `${name} is another one now`;
      const [first] = changesBetween(spokenOf(manifest, seen), spokenOf(manifest, fresh));
      return first ? `${name} was changed meanwhile: ${first.what} ${first.from} → ${first.to}` : null;
    },
    write: base => writeOf(manifest, place, base, force),
  };
}

/** What is there, and what the server would make of it; of an object that changes all the time, the same version. */
async function foreseen(
  { client, signal }: Subject,
  manifest: Manifest,
  place: ApiPlace,
  { force, isEarly }: { force: boolean; isEarly: boolean },
): Promise<Pick<Item, 'seen' | 'wanted'>> {
  for (let tries = 0; ; tries++) {
    const seen = await client.get(place.path, signal).catch(notThere);
    if (seen === null && isEarly) return { seen, wanted: null };
    try {
      return { seen, wanted: (await client.rehearse?.(writeOf(manifest, place, seen, force), signal)) ?? null };
    } catch (error) {
      if (!(error instanceof Refusal) || error.answer !== 'no') throw error;
      const isManaged = error.isConflict && /^Apply failed/.test(why(error));
      if (error.isConflict && !isManaged && tries < MOST_TRIES) continue;
      const way = isManaged ? '; force=yes takes over what others manage' : '';
      throw new Unfit(`${labelOf({ manifest })}: ${why(error)}${way}`);
    }
  }
}

function changesOf({ manifest, seen, wanted }: Item): Change[] {
  const name = labelOf({ manifest });
  if (seen === null) return [{ what: name, from: 'not there', to: 'created' }];
  return changesBetween(cleaned(seen), cleaned(wanted)).map(change => ({ ...change, what: `${name} ${change.what}` }));
}

/** Without what the server keeps for itself. */
function cleaned(object: unknown): unknown {
  const { status: _, metadata, ...rest } = (object ?? {}) as { status?: unknown; metadata?: Record<string, unknown> };
  const { managedFields, resourceVersion, generation, creationTimestamp, uid, ...told } = metadata ?? {};
  return { ...rest, metadata: told };
}

/** What the manifest speaks of, as the object has it: lists whole. */
function spokenOf(manifest: unknown, object: unknown): unknown {
  if (!isFields(manifest) || !isFields(object)) return object;
  const spoken = Object.keys(manifest).filter(key => key in object);
  return Object.fromEntries(spoken.map(key => [key, spokenOf(manifest[key], object[key])]));
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function labelOf({ manifest: { kind, metadata } }: Pick<Item, 'manifest'>): string {
  return printable(`${kind.toLowerCase()}/${metadata.name}`);
}

function rightsFor({ manifest, place: { group, plural, namespace }, seen }: Item): Right[] {
  const right = { group, resource: plural, namespace, name: manifest.metadata.name };
  return [{ verb: 'patch', ...right }, ...(seen === null ? [{ verb: 'create', ...right }] : [])];
}

function proofsOf({ manifest, place: { path }, seen, wanted }: Item): Proof[] {
  if (seen === null) return [{ path, at: ['metadata', 'name'], is: manifest.metadata.name }];
  return proofsBetween(path, seen, wanted);
}

async function standing(items: readonly Item[], { client, fleet }: Subject, signal: AbortSignal): Promise<Standing> {
  for (const { manifest, place } of items) {
    const { state, words } = await standingOf(place.path, client, fleet, signal);
    if (state !== 'done') return { state, words: `${labelOf({ manifest })}: ${words}` };
  }
  return { state: 'done', words: `${counted(items.length, 'object')} applied` };
}

function notThere(error: unknown): null {
  if (error instanceof Refusal && error.status === 404) return null;
  throw error;
}
