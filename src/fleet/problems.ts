import type { Kind, Noun } from '../model/entity.ts';
import { byHealth } from '../model/health/verdict.ts';
import type { Fleet } from './fleet.ts';

/** Kinds that name a problem, the highest first. Services and databases only mirror what stands behind them. */
const NAMING: Kind[] = [
  'storage',
  'node',
  'pool',
  'workload',
  'replica',
  'instance',
  'directory',
  'check',
  'backup',
  'claim',
  'host',
];

/** What is not well, worst first. Each problem counts once, at the highest noun that names it. */
export function problems(fleet: Fleet): Noun[] {
  const found: Noun[] = [];
  for (const kind of NAMING) {
    for (const noun of fleet.all(kind).values()) {
      if ((noun.health === 'bad' || noun.health === 'warn') && !isExplained(noun, fleet)) found.push(noun);
    }
  }
  return found.sort((a, b) => byHealth(a.health, b.health));
}

/** A replica is part of its workload's problem, and a workload of its tenant's where the platform names that one. */
function isExplained(noun: Noun, fleet: Fleet): boolean {
  if (noun.kind === 'replica') return noun.workload !== null && fleet.get('workload', noun.workload) !== undefined;
  if (noun.kind === 'workload') return isTenantTold(noun.name, fleet);
  return false;
}

function isTenantTold(workload: string, fleet: Fleet): boolean {
  for (const { serviceName, health } of fleet.all('instance').values()) {
    if (serviceName === workload && (health === 'bad' || health === 'warn')) return true;
  }
  return false;
}
