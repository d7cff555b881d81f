import type { KubeObject, Plural } from '../controller/kubernetes/objects.ts';
import { COLUMNS, type Column } from './columns.ts';
import { jsonOf } from './json.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** The Table that kubectl asks for (`as=Table;v=v1;g=meta.k8s.io`), as JSON. */
export function tableOf(
  plural: Plural,
  objects: readonly KubeObject[],
  metadata: object,
  { include, now, headers = true }: { include: IncludeObject; now: number; headers?: boolean },
): string {
  const columns = COLUMNS[plural];
  const definitions = headers
    ? `"columnDefinitions":${JSON.stringify(columns.map(definition))},`
    : '"columnDefinitions":null,';
  const rows = objects.map(object => {
    const cells = JSON.stringify(columns.map(column => column.cell(object as never, now)));
    return `{"cells":${cells},"object":${objectOf(object, include)}}`;
  });
  const head = `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},`;
  return `${head}${definitions}"rows":[${rows.join(',')}]}`;
}

/** Only the metadata (`as=PartialObjectMetadata`), as JSON. */
export function partialOf({ metadata }: KubeObject): string {
  const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  return JSON.stringify(partial);
}

function objectOf(object: KubeObject, include: IncludeObject): string {
  if (include === 'None') return 'null';
  return include === 'Object' ? jsonOf(object) : partialOf(object);
}

function definition({ name, type = 'string', priority = 0 }: Column) {
  return { name, type, format: name === 'Name' ? 'name' : '', description: name, priority };
}
