import * as z from 'zod';

/** How to reach a Kubernetes API server, and what to read there. */
export const kubernetesOptions = z
  .strictObject({
    kind: z.literal('kubernetes'),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Path of a kubeconfig; without it as kubectl: $KUBECONFIG, ~/.kube/config, or the pod that it runs in.',
      ),
    context: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the context; without it the current one at the start, which is kept even when it moves.'),
    namespaces: z
      .union([z.literal('all'), z.array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)).min(1)])
      .default('all')
      .describe('Namespaces to read, or all of them. Where all are not allowed, the namespace of the context is read.'),
  })
  .describe('A Kubernetes cluster.');

/** As a profile writes it: what has a default may be left out. */
export type KubernetesOptions = z.input<typeof kubernetesOptions>;
