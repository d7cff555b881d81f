import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { budgetsOf, isCounted, spend } from '../controller/kubernetes/disruption-budgets.ts';
import type { DisruptionBudget, Pod } from '../controller/kubernetes/objects.ts';
import type { ResourceInfo } from '../controller/kubernetes/resources.ts';
import type { Address } from './address.ts';
import { checkPreconditions, type DeleteOptions, remove } from './deletes.ts';
import { ApiError } from './status.ts';
import { find } from './writes.ts';

type Named = Address & { info: ResourceInfo; name: string };

/** `POST …/pods/NAME/eviction`: a DELETE that asks the pod's disruption budget first. Throws an ApiError. */
export function evict(cluster: Cluster, address: Named, options: DeleteOptions, dryRun: boolean): object {
  const pod = find(cluster, address) as Pod;
  checkPreconditions(address.info, pod, options);
  const budget = isFree(pod) ? null : budgetOf(cluster, pod);
  if (budget) mayGo(pod, budget);
  if (budget && isCounted(pod) && !dryRun) spend(cluster, budget, pod);
  remove(cluster, { ...address, subresource: null }, options, dryRun);
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

/** What does not run, or is going already, is asked for by no budget. */
function isFree({ status, metadata }: Pod): boolean {
  return status.phase !== 'Running' || metadata.deletionTimestamp !== undefined;
}

function budgetOf(cluster: Cluster, pod: Pod): DisruptionBudget | null {
  const budgets = budgetsOf(cluster, pod);
  if (budgets.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError({ code: 500, reason: 'InternalError', message });
  }
  return budgets[0] ?? null;
}

function mayGo(pod: Pod, { metadata, status }: DisruptionBudget): void {
  const { currentHealthy, desiredHealthy, disruptionsAllowed } = status;
  // One that is not healthy may go as long as enough others are.
  if (!isCounted(pod) && currentHealthy >= desiredHealthy && desiredHealthy > 0) return;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw tooMany(`The disruption budget ${metadata.name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed > 0) return;
  throw tooMany(
    `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  );
}

function tooMany(cause: string, retryAfterSeconds?: number): ApiError {
  return new ApiError({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: 'DisruptionBudget', message: cause }],
      ...(retryAfterSeconds && { retryAfterSeconds }),
    },
  });
}
