import type { Node } from '../../model/entity.ts';
import { Unreached } from '../../sources/client.ts';
import { type Waste, wasteOf } from '../../sources/swarm/waste.ts';
import { why } from '../../sources/why.ts';
import { bytes, counted } from '../../text/format.ts';
import { parseBytes } from '../../text/quantity.ts';
import type { Means, Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { inTurn } from '../in-turn.ts';

/** So many engines are asked at once. */
const AT_ONCE = 4;

type Read = { node: Node } & ({ images: Waste[] } | { failure: string; unreached: boolean });

/** Images on the engines of a swarm that nothing uses. Kubelets clean up after themselves. */
export const unusedImages: Probe = {
  name: 'unused images',
  needs: ['node'],
  optional: true,
  async look(means) {
    const nodes = [...means.fleet.all('node').values()].filter(({ system }) => system === 'swarm');
    const read = await inTurn(nodes, AT_ONCE, node => imagesOn(node, means));
    const told = read.flatMap(one => ('images' in one ? [one] : []));
    const failed = read.flatMap(one => ('failure' in one ? [one] : []));
    const least = parseBytes(means.settings.unusedImages) ?? 0;
    // Where none is reached at all, nothing was looked at.
    const unseen = failed.filter(({ unreached }) => !unreached || told.length === 0);
    return {
      findings: [
        ...told
          .filter(({ images }) => sizeOf(images) > least)
          .map(({ node, images }) =>
            about(node, {
              health: 'warn',
              reason: `${counted(images.length, 'unused image')}: ${bytes(sizeOf(images))}`,
              evidence: named(images),
            }),
          ),
        ...unseen.map(({ node, failure }) =>
          about(node, { health: 'unknown', reason: `its images are not known: ${failure}` }),
        ),
      ],
      facts: nodes.length === 0 ? [] : facts(told, failed),
    };
  },
};

async function imagesOn(node: Node, { fleet, signal }: Means): Promise<Read> {
  const source = fleet.source(node.source);
  try {
    const client = (await source?.engine?.(node, signal)) ?? source?.client?.();
    if (!client) return { node, failure: `${node.source} is not reached`, unreached: false };
    return { node, images: await wasteOf('all-images', true, client, signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { node, failure: why(error), unreached: error instanceof Unreached };
  }
}

function sizeOf(images: readonly Waste[]): number {
  return images.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
}

function named(images: readonly Waste[]): string[] {
  const sorted = images.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  return sorted.map(each => `${each.name} ${bytes(each.bytes)}`);
}

function facts(told: readonly { images: Waste[] }[], failed: readonly { node: Node }[]): string[] {
  const all = told.flatMap(({ images }) => images);
  const missed = failed.length > 0 ? `, ${failed.map(({ node }) => node.name).join(', ')} not reached` : '';
  return [
    `${counted(all.length, 'unused image')} on ${counted(told.length, 'engine')}: ${bytes(sizeOf(all))}${missed}`,
  ];
}
