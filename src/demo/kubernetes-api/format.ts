import { PROTOBUF } from './protobuf-list.ts';
import { ApiError } from './status.ts';

export type Format = 'json' | 'table' | 'partial' | 'protobuf';

/**
 * The first of the accepted forms that this server can write: JSON in three shapes, protobuf where it has a table for it,
 * no YAML.
 */
export function formatOf(accept: string | undefined, { protobuf = false } = {}): Format {
  for (const entry of (accept || '*/*').split(',')) {
    const [type = '', ...parameters] = entry.split(';').map(part => part.trim());
    if (protobuf && type === PROTOBUF && parameters.every(each => !each.startsWith('as='))) return 'protobuf';
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.find(each => each.startsWith('as='))?.slice(3);
    if (!as) return 'json';
    if (as === 'Table' && parameters.includes('v=v1')) return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'partial';
  }
  const message = 'only the following media types are accepted: application/json';
  throw new ApiError({ code: 406, reason: 'NotAcceptable', message, details: {} });
}
