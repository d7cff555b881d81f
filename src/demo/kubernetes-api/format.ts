import { ApiError } from './status.ts';

export type Format = 'json' | 'table' | 'partial';

/** The first of the accepted forms that this server can write: JSON in three shapes, but no protobuf and no YAML. */
export function formatOf(accept: string | undefined): Format {
  for (const entry of (accept || '*/*').split(',')) {
    const [type = '', ...parameters] = entry.split(';').map(part => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.find(each => each.startsWith('as='))?.slice(3);
    if (!as) return 'json';
    if (as === 'Table' && parameters.includes('v=v1')) return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'partial';
  }
  const message = 'only the following media types are accepted: application/json';
  throw new ApiError({ code: 406, reason: 'NotAcceptable', message, details: {} });
}
