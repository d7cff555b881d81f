import { hostname } from 'node:os';
import { type Profile, type ProfileInput, ProfileSchema } from '../profile/schema.ts';
import type { Found } from './found.ts';

/** What these would be as a profile. The name must be one that a file can have. */
export function profileOf(found: readonly Found[], name: string): ProfileInput {
  const namespaces = found.flatMap(({ namespace }) => namespace ?? []);
  return {
    name,
    ...(namespaces[0] && { namespace: namespaces[0] }),
    sources: Object.fromEntries(found.map(({ name, options }) => [name, options])),
  };
}

/**
 * The platform without a profile: what kubectl, docker and psql would take, the CephFS mounts and the machine itself;
 * and a sentence for each of them. null where there is nothing but the machine.
 */
export function defaultProfile(found: readonly Found[]): { profile: Profile; told: string[] } | null {
  const taken = found.filter(({ isDefault }) => isDefault);
  const real = taken.filter(({ kind }) => kind !== 'host');
  if (real.length === 0) return null;
  const profile = ProfileSchema.parse(profileOf(taken, nameOfMachine()));
  return { profile, told: real.map(({ title, note }) => (note ? `${title} (${note})` : title)) };
}

/** This machine's name as a platform's: what its events are kept under. */
export function nameOfMachine(): string {
  return (
    hostname()
      .replace(/[^\w.-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'local'
  );
}
