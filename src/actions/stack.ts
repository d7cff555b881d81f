import { printable } from '../model/printable.ts';
import type { Client } from '../sources/client.ts';
import { at, uidOf } from './prove.ts';

/** By this label the docker command knows what belongs to a stack. */
export const STACK_LABEL = 'com.docker.stack.namespace';

export type PartKind = 'service' | 'secret' | 'config' | 'network';

/** Something that was made for a stack. */
export interface Part {
  kind: PartKind;
  id: string;
  name: string;
  path: string;
}

/** In the order in which `docker stack rm` removes them: what is used comes after what uses it. */
const KINDS: readonly PartKind[] = ['service', 'secret', 'config', 'network'];

/** All that belongs to a stack; volumes belong to engines and stay. */
export async function partsOf(stack: string, client: Client, signal: AbortSignal): Promise<Part[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${STACK_LABEL}=${stack}`] }));
  const parts: Part[] = [];
  for (const kind of KINDS) {
    const found = (await client.get(`/${kind}s?filters=${filters}`, signal)) as unknown[];
    for (const object of found) {
      const id = uidOf(object) ?? '';
      const name = printable(String(at(object, ['Spec', 'Name']) ?? at(object, ['Name']) ?? id));
      parts.push({ kind, id, name, path: `/${kind}s/${encodeURIComponent(id)}` });
    }
  }
  return parts;
}
