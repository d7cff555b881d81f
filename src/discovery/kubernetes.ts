import { printable } from '../model/printable.ts';
import { sentence, TroubleError } from '../model/trouble.ts';
import { listContexts } from '../sources/kubernetes/config.ts';
import type { Environment, Findings, Found } from './found.ts';

/** The contexts of the kubeconfig. Nothing is asked over the network. */
export async function findKubernetes(env: Environment): Promise<Findings> {
  try {
    const contexts = await listContexts();
    return { found: contexts.map(context => toFound(context, contexts.length)), passed: [] };
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    // That there is no kubeconfig is worth a word only where one was named.
    const isNamed = Boolean(env.KUBECONFIG) || error.trouble.what !== 'find a kubeconfig';
    return { found: [], passed: isNamed ? [sentence(error.trouble)] : [] };
  }
}

function toFound(
  { name, current, namespace, server }: Awaited<ReturnType<typeof listContexts>>[number],
  of: number,
): Found {
  const shown = printable(name);
  return {
    kind: 'kubernetes',
    name: current || of === 1 ? 'kubernetes' : shown,
    title: `Kubernetes context ${shown}`,
    note: [server && printable(server), current && 'current context'].filter(Boolean).join(' · ') || null,
    options: { kind: 'kubernetes', ...(name !== IN_CLUSTER && { context: name }) },
    isDefault: current,
    // kubectl's "default" is where nothing is; all is the better beginning then.
    ...(namespace !== 'default' && { namespace: printable(namespace) }),
  };
}

/** What the client library calls the service account of the pod that the program runs in. */
const IN_CLUSTER = 'inClusterContext';
