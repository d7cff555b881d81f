import { type Container, isSidecar, type PodSpec } from './pod-state.ts';
import { items } from './wire.ts';

type Parse = (quantity: unknown) => number | null;
type Resource = 'cpu' | 'memory';

/**
 * What the scheduler sets aside for the pod: its containers together, or what its start needs where that is more; null
 * when nothing is asked for. The rule of k8s.io/component-helpers/resource PodRequests.
 */
export function requested(spec: PodSpec | undefined, resource: Resource, parse: Parse): number | null {
  const extra = parse(spec?.overhead?.[resource]) ?? 0;
  const whole = parse(spec?.resources?.requests?.[resource]);
  if (whole !== null) return whole + extra;
  const of = (container: Container) => parse(container.resources?.requests?.[resource]);
  const [main, starting] = [items(spec?.containers), items(spec?.initContainers)];
  if ([...main, ...starting].every(container => of(container) === null)) return null;
  let beside = 0;
  let start = 0;
  for (const container of starting) {
    const need = of(container) ?? 0;
    start = Math.max(start, beside + need);
    if (isSidecar(container)) beside += need;
  }
  return Math.max(start, beside + main.reduce((sum, container) => sum + (of(container) ?? 0), 0)) + extra;
}

/** What the running containers may use together; null when one of them may use as much as there is. */
export function limited(spec: PodSpec | undefined, resource: Resource, parse: Parse): number | null {
  const whole = parse(spec?.resources?.limits?.[resource]);
  if (whole !== null) return whole;
  const running = [...items(spec?.containers), ...items(spec?.initContainers).filter(isSidecar)];
  const limits = running.map(container => parse(container.resources?.limits?.[resource]));
  return limits.reduce<number | null>(
    (sum, limit) => (sum === null || limit === null ? null : sum + limit),
    limits.length ? 0 : null,
  );
}
