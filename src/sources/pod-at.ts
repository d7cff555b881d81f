import * as z from 'zod';

/** Which pod, reached through which API server; see `namesOnePod`. */
export const podFields = {
  kubeconfig: z.string().min(1).optional().describe('file; what kubectl would take when left out'),
  context: z.string().min(1).optional().describe('pinned at the first use; the current one when left out'),
  namespace: z.string().min(1),
  pod: z.string().min(1).optional(),
  selector: z.string().min(1).optional().describe('labels, as kubectl -l takes them; the first ready pod is used'),
  container: z.string().min(1).optional(),
};

export const namesOnePod = ({ pod, selector }: { pod?: string; selector?: string }) =>
  (pod === undefined) !== (selector === undefined);

export const PodAt = z.strictObject(podFields).refine(namesOnePod, 'give either pod or selector');

export type PodAt = z.infer<typeof PodAt>;
