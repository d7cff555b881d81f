import type { Finding } from '../../model/checklist-run.ts';
import { addressOf, Registry } from '../../sources/registry.ts';
import { why } from '../../sources/why.ts';
import { age, counted } from '../../text/format.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { type RunningImage, runningImages } from '../running-images.ts';

const DAY_MS = 86_400_000;
const DEADLINE_MS = 8_000;
/** After so many questions without an answer a registry is asked no more. */
const PATIENCE = 2;
/** A registry that answers slowly is asked for so long. */
const LONGEST_MS = 45_000;

/** What runs is what its tag stands for in the registry, and is not old. */
export const images: Probe = {
  name: 'images',
  needs: ['workload', 'replica'],
  async look(means) {
    const all = await runningImages(means);
    const registries = Map.groupBy(all, ({ image }) => image.registry);
    const read = await Promise.all([...registries].map(([name, of]) => askOne(name, of, means)));
    const answers = read.flat();
    const behind = answers.filter(isBehind);
    const old = answers.filter(
      ({ image: { madeAt } }) => madeAt !== null && means.fleet.now() - madeAt > means.settings.imageDays * DAY_MS,
    );
    return {
      findings: [
        ...behind.map(tellBehind),
        ...old.map(answer => tellOld(answer, means.fleet.now())),
        ...untold(answers),
      ],
      facts: [
        `${counted(all.length, 'image')}, ${behind.length} behind their tag, ${old.length} older than ${means.settings.imageDays} d`,
      ],
    };
  },
};

interface Answer {
  image: RunningImage;
  /** What the tag stands for; null: not told. */
  digest: string | null;
  failure: string | null;
}

/** One question after the other, so that nobody takes us for an attack. */
async function askOne(name: string, of: readonly RunningImage[], means: Means): Promise<Answer[]> {
  const { fleet } = means;
  const [told] = fleet.sources().flatMap(source => fleet.source(source.name)?.registry?.(name) ?? []);
  const registry = new Registry(told ?? addressOf(name));
  const answers: Answer[] = [];
  let silent = 0;
  const begunAt = performance.now();
  for (const image of of) {
    const isSlow = performance.now() - begunAt > LONGEST_MS;
    if (isSlow || silent >= PATIENCE) {
      const failure = isSlow ? 'it answers too slowly' : (answers.at(-1)?.failure ?? 'no answer');
      answers.push({ image, digest: null, failure });
      continue;
    }
    const limit = AbortSignal.any([means.signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      const digest = await registry.digestOf(image.image, limit);
      image.madeAt ??= await registry.madeAt(image.image, limit).catch(() => null);
      answers.push({ image, digest, failure: digest === null ? 'it tells no digest' : null });
      silent = 0;
    } catch (error) {
      means.signal.throwIfAborted();
      // An Error that is ours has words of the registry; any other one is of the way to it.
      if (limit.aborted || error instanceof TypeError) silent++;
      const { cause } = error as Error;
      answers.push({ image, digest: null, failure: limit.aborted ? 'no answer in time' : why(cause ?? error) });
    }
  }
  return answers;
}

function isBehind({ image: { digests }, digest }: Answer): boolean {
  return digest !== null && digests.size > 0 && [...digests].some(each => each !== digest);
}

const named = ({ workloads }: RunningImage) =>
  workloads
    .map(({ name }) => name)
    .sort()
    .join(', ');

function tellBehind({ image, digest }: Answer): Finding {
  const [first] = image.workloads;
  const runs = [...image.digests].find(each => each !== digest) ?? '';
  const reason = `runs ${shortOf(runs)}, the registry has ${shortOf(digest ?? '')}`;
  return {
    target: image.reference,
    about: first?.id ?? null,
    health: 'warn',
    reason,
    evidence: [`run by ${named(image)}`],
  };
}

function tellOld({ image }: Answer, now: number): Finding {
  const reason = `made ${age(now - (image.madeAt ?? now))} ago`;
  const about = image.workloads[0]?.id ?? null;
  return { target: image.reference, about, health: 'warn', reason, evidence: [`run by ${named(image)}`] };
}

/** What could not be compared, by why: of one registry that is silent once. */
function untold(answers: readonly Answer[]): Finding[] {
  const failed = answers.flatMap(({ image, failure }) => (failure === null ? [] : [{ image, why: failure }]));
  const unknown = answers.flatMap(({ image, failure }) =>
    failure === null && image.digests.size === 0 ? [{ image, why: 'which version runs is not told' }] : [],
  );
  const alike = Map.groupBy([...failed, ...unknown], ({ image, why }) => `${image.image.registry}: ${why}`);
  return [...alike.values()].map(of => {
    const [first] = of;
    const references = of.map(({ image }) => image.reference).join(', ');
    const what = `${counted(of.length, 'image')} not compared: ${first?.why}`;
    return finding(first?.image.image.registry ?? '', 'unknown', what, [references]);
  });
}

const shortOf = (digest: string) => digest.replace(/^sha256:/, '').slice(0, 12);
