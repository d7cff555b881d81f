import { parse } from 'yaml';
import { at } from './prove.ts';

/** What a compose file says, as far as it is told before it is deployed. */
export interface Compose {
  /** The images of the services, by name, with variables filled in. */
  services: Map<string, string | null>;
  /** How many replicas each is to have; null: one on each node, or it is not understood. */
  replicas: Map<string, number | null>;
  /** Variables that have no value and no default: they become empty. */
  unset: string[];
}

type Values = Readonly<Record<string, string | undefined>>;

/** Throws when it is no YAML, or names no services. */
export function readCompose(text: string, values: Values): Compose {
  const services = at(parse(text), ['services']);
  if (typeof services !== 'object' || services === null) throw new Error('it names no services');
  return {
    services: new Map(
      Object.entries(services).map(([name, service]) => {
        const image = at(service, ['image']);
        return [name, typeof image === 'string' ? filled(image, values) : null];
      }),
    ),
    replicas: new Map(Object.entries(services).map(([name, service]) => [name, replicasOf(service, values)])),
    unset: [
      ...new Set(variablesOf(text).flatMap(({ name, rest }) => (rest || values[name] !== undefined ? [] : [name]))),
    ],
  };
}

/** Where the file says nothing there is one, whatever there was before. */
function replicasOf(service: unknown, values: Values): number | null {
  const mode = at(service, ['deploy', 'mode']) ?? 'replicated';
  const text = filled(String(at(service, ['deploy', 'replicas']) ?? 1), values);
  return mode === 'replicated' && /^\d+$/.test(text) ? Number(text) : null;
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`; `$$` is a dollar (docs.docker.com: compose interpolation). */
const VARIABLE = /\$\$|\$(?:\{(\w+)([^}]*)\}|([A-Za-z_]\w*))/g;

function variablesOf(text: string): { name: string; rest: string }[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, braced, rest = '', plain]) => {
    const name = braced ?? plain;
    return name ? [{ name, rest }] : [];
  });
}

function filled(text: string, values: Values): string {
  return text.replace(VARIABLE, (all, braced, rest, plain) => {
    if (all === '$$') return '$';
    const value = values[braced ?? plain];
    const [, sign, other = ''] = /^(:?-)(.*)$/.exec(rest ?? '') ?? [];
    if (sign === ':-') return value || other;
    return value ?? (sign === '-' ? other : '');
  });
}
