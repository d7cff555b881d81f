import { profile } from './saasodoo.ts';

export const BUILT_IN = ['saasodoo'] as const;

const PROFILES: Record<(typeof BUILT_IN)[number], Record<string, unknown>> = { [BUILT_IN[0]]: profile };

/** A profile that comes with the program, as a file would have it. */
export function builtIn(name: (typeof BUILT_IN)[number]): Record<string, unknown> {
  return structuredClone(PROFILES[name]);
}
