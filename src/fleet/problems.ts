import type { Instance, Kind, Noun, Service } from '../model/entity.ts';
import { judgeInstance } from '../model/health/data.ts';
import { byHealth } from '../model/health/verdict.ts';
import { isBehind } from './behind-service.ts';
import type { Fleet } from './fleet.ts';

/** Kinds that name a problem, the highest first. Databases only mirror what stands behind them. */
const NAMING: Kind[] = [
  'storage',
  'node',
  'pool',
  'workload',
  'replica',
  'service',
  'instance',
  'directory',
  'check',
  'backup',
  'claim',
  'host',
];

/** What is not well, worst first. Each problem counts once, at the highest noun that names it. */
export function problems(fleet: Fleet): readonly Noun[] {
  const versions = NAMING.map(kind => fleet.version(kind)).join(' ');
  const known = KNOWN.get(fleet);
  if (known?.versions === versions) return known.found;
  const found = find(fleet);
  KNOWN.set(fleet, { versions, found });
  return found;
}

/** Asked for with each frame and each key, while thousands may not be well. */
const KNOWN = new WeakMap<Fleet, { versions: string; found: readonly Noun[] }>();

function find(fleet: Fleet): Noun[] {
  const unwell = NAMING.flatMap((kind): Noun[] => fleet.unsettled(kind)).filter(({ health }) => health !== 'busy');
  return unwell.filter(noun => !isExplained(noun, fleet)).sort((a, b) => byHealth(a.health, b.health));
}

/** A replica is part of its workload's problem; a tenant only feels what its service, pool or directory names itself. */
function isExplained(noun: Noun, fleet: Fleet): boolean {
  if (noun.kind === 'replica') return noun.workload !== null && fleet.get('workload', noun.workload) !== undefined;
  if (noun.kind === 'service') return isNamedBehind(noun, fleet);
  return noun.kind === 'instance' && (judgeInstance(noun).health === 'ok' || isServiceNamed(noun, fleet));
}

function isServiceNamed({ serviceName }: Instance, fleet: Fleet): boolean {
  const services = serviceName === null ? [] : fleet.named('workload', serviceName);
  return services.some(({ health }) => health === 'bad' || health === 'warn');
}

/** A Service without a ready endpoint is news only where nothing behind it is told, or is just being started. */
function isNamedBehind(service: Service, fleet: Fleet): boolean {
  const alone = fleet.unsettled('replica').filter(({ workload }) => workload === null);
  return [...fleet.unsettled('workload'), ...alone].some(noun => isBehind(noun, service));
}
