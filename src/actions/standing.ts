import type { Fleet } from '../fleet/fleet.ts';
import type { Proof } from '../model/deed.ts';
import { type Client, Refusal } from '../sources/client.ts';
import { counted } from '../text/format.ts';
import { rolledOut } from './kubernetes.ts';
import { uidOf } from './prove.ts';
import { nodeStanding, STEADY_MS, serviceStanding } from './swarm.ts';
import type { Plan, Standing } from './verb.ts';

/** As the paths of their objects call the types that Kubernetes rolls out. */
const ROLLED: Readonly<Record<string, string>> = {
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
};

/** How far the system is with one object, whatever was done to it. */
export async function standingOf(path: string, client: Client, fleet: Fleet, signal: AbortSignal): Promise<Standing> {
  const [, plural = ''] = /\/([^/]+)\/[^/]+$/.exec(path) ?? [];
  const type = ROLLED[plural];
  if (type) return rolledOut(type, await client.get(path, signal));
  if (/^\/services\/[^/]+$/.test(path)) return serviceStanding({ path, client, fleet }, signal);
  if (/^\/nodes\/[^/]+$/.test(path)) return nodeStanding({ path, client }, signal);
  return { state: 'done', words: 'it is so' };
}

/** How far the system is with all that proofs tell of, for who has no plan any more. */
export function watchOf(
  proofs: readonly Proof[],
  client: Client,
  fleet: Fleet,
): Required<Pick<Plan, 'standing' | 'steadyMs'>> {
  const goes = proofs.flatMap(proof => ('gone' in proof ? [proof] : []));
  const paths = [...new Set(proofs.flatMap(proof => ('gone' in proof ? [] : [proof.path])))];
  return {
    steadyMs: paths.some(path => path.startsWith('/services/')) ? STEADY_MS : 0,
    async standing(signal) {
      const left = await Promise.all(goes.map(({ path, gone }) => isThere(path, gone, client, signal)));
      const still = left.filter(Boolean).length;
      if (still > 0) return { state: 'under way', words: `${counted(still, 'object')} still to go` };
      const waiting: string[] = [];
      let words = goes.length > 0 ? 'gone' : '';
      for (const path of paths) {
        const standing = await standingOf(path, client, fleet, signal);
        const named = paths.length > 1 ? `${path.split('/').at(-1)}: ${standing.words}` : standing.words;
        if (standing.state === 'failed') return { ...standing, words: named };
        if (standing.state === 'under way') waiting.push(named);
        else words = standing.words;
      }
      const [first] = waiting;
      if (first && paths.length === 1) return { state: 'under way', words: first };
      if (first) return { state: 'under way', words: `${paths.length - waiting.length} of ${paths.length}; ${first}` };
      return { state: 'done', words: paths.length > 1 ? `all ${counted(paths.length, 'object')}` : words };
    },
  };
}

async function isThere(path: string, uid: string, client: Client, signal: AbortSignal): Promise<boolean> {
  try {
    return uidOf(await client.get(path, signal)) === uid;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return false;
    throw error;
  }
}
