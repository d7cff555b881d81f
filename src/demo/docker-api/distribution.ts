import type { World } from '../world.ts';
import { EngineError } from './engine-error.ts';

/** What the registry says of an image: with it the command pins the digest of what it deploys. Throws an EngineError. */
export function distribution({ swarm, cluster }: World, path: string): object {
  const image = decodeURIComponent(path.replace(/^\/distribution\//, '').replace(/\/json$/, ''));
  if (!swarm.images.has(image)) throw new EngineError(404, 'manifest unknown: manifest unknown');
  const MediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  return {
    Descriptor: { MediaType, Digest: `sha256:${cluster.digestOf(image)}`, Size: 1570 },
    Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
  };
}
