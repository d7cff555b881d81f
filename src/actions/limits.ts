import type { Workload } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { Refusal } from '../sources/client.ts';
import { bytes, cores } from '../text/format.ts';
import { parseBytes, parseMillicores } from '../text/quantity.ts';
import { why } from './attempt.ts';
import { at } from './prove.ts';
import type { Subject } from './verb.ts';

/** What bounds a workload that is scaled, in sentences: of each replica, of each node, and who else sets the number. */
export async function limitsOf(subject: Subject): Promise<string[]> {
  const { object } = subject;
  if ((subject.noun as Workload).system === 'kubernetes') {
    const containers = (at(object, ['spec', 'template', 'spec', 'containers']) ?? []) as unknown[];
    const limit = (of: 'cpu' | 'memory', parse: (text: string) => number | null) =>
      sum(containers.map(container => parse(String(at(container, ['resources', 'limits', of]) ?? ''))));
    return [eachMay(limit('cpu', parseMillicores), limit('memory', parseBytes)), ...(await autoscalersOf(subject))];
  }
  const template = ['Spec', 'TaskTemplate'];
  const limit = (of: string) => Number(at(object, [...template, 'Resources', 'Limits', of])) || null;
  const most = Number(at(object, [...template, 'Placement', 'MaxReplicas'])) || null;
  const nanos = limit('NanoCPUs');
  return [
    eachMay(nanos === null ? null : nanos / 1e6, limit('MemoryBytes')),
    ...(most === null ? [] : [`at most ${most} run on one node`]),
  ];
}

/** A container without a limit leaves the whole without one. */
function sum(limits: (number | null)[]): number | null {
  return limits.includes(null) ? null : limits.reduce((total: number, limit) => total + (limit ?? 0), 0);
}

function eachMay(cpu: number | null, memory: number | null): string {
  if (cpu === null && memory === null) return 'no limit is set: each may use what its node has';
  return `each may use ${cpu === null ? 'any' : cores(cpu)} CPU, ${memory === null ? 'any' : bytes(memory)} memory`;
}

async function autoscalersOf({ noun, client, signal }: Subject): Promise<string[]> {
  const { namespace, name, type } = noun as Workload;
  try {
    const path = `/apis/autoscaling/v2/namespaces/${encodeURIComponent(namespace ?? '')}/horizontalpodautoscalers`;
    const all = (at(await client.get(path, signal), ['items']) ?? []) as unknown[];
    return all
      .filter(each => at(each, ['spec', 'scaleTargetRef', 'kind']) === type)
      .filter(each => at(each, ['spec', 'scaleTargetRef', 'name']) === name)
      .map(each => {
        const least = at(each, ['spec', 'minReplicas']) ?? 1;
        const most = at(each, ['spec', 'maxReplicas']);
        const whose = printable(String(at(each, ['metadata', 'name'])));
        return `the autoscaler ${whose} keeps it between ${least} and ${most}, and sets it back`;
      });
  } catch (error) {
    if (!(error instanceof Refusal) || error.answer !== 'no') throw error;
    return error.status === 404 ? [] : [`whether an autoscaler sets it cannot be read: ${why(error)}`];
  }
}
