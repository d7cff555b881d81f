import type { Finding } from '../model/checklist-run.ts';
import type { Health, Noun } from '../model/entity.ts';

export function finding(target: string, health: Health, reason: string, evidence: string[] = []): Finding {
  return { target, about: null, health, reason, evidence };
}

/** A noun that is not well, in the words of its own health where none are given. */
export function about(
  noun: Noun,
  { health = noun.health, reason = noun.reason ?? noun.health, evidence = [] as string[] } = {},
): Finding {
  return { target: noun.name, about: noun.id, health, reason, evidence };
}
