import { createHash } from 'node:crypto';
import type { HttpAnswer, HttpAsked } from './http-services.ts';
import type { World } from './world.ts';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const DAY_MS = 86_400_000;

/**
 * The platform's registry, as much of it as tells which version a tag stands for (distribution spec, version 2). It
 * has the images of other registries too, as a mirror would: nobody is asked outside.
 */
export function registryAnswer({ cluster, swarm, startedAt }: World, { path }: HttpAsked): HttpAnswer | null {
  const [, name = '', what, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  if (path === '/v2/') return { body: {} };
  if (what === undefined) return null;
  if (what === 'blobs') return { body: { architecture: 'amd64', os: 'linux', created: madeAt(reference, startedAt) } };
  const wanted = `${name.replace(/^library\//, '')}:${reference}`;
  const image = cluster.images.named(wanted) ?? swarm.images.named(wanted);
  if (image === null)
    return { code: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] } };
  const config = { mediaType: 'application/vnd.docker.container.image.v1+json', digest: configOf(image) };
  return {
    headers: { 'content-type': MANIFEST, 'docker-content-digest': digestOf(cluster, image, reference) },
    body: { schemaVersion: 2, mediaType: MANIFEST, config },
  };
}

/** Somebody has pushed `latest` again since it was deployed, as happens with that tag. */
function digestOf(cluster: World['cluster'], image: string, tag: string): string {
  return `sha256:${tag === 'latest' ? configOf(`${image} pushed again`).slice(7) : cluster.digestOf(image)}`;
}

const configOf = (image: string) => `sha256:${createHash('sha256').update(image).digest('hex')}`;

/** Between a week and seven months ago, the same each time. */
function madeAt(digest: string, startedAt: number): string {
  const days = 7 + (Number.parseInt(digest.slice(-2), 16) / 256) * 200;
  return new Date(startedAt - days * DAY_MS).toISOString();
}
