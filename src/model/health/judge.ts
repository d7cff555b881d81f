import type { Instance, Node, Noun, Replica } from '../entity.ts';
import type { Thresholds } from '../thresholds.ts';
import * as data from './data.ts';
import { judgeHost, judgeNode } from './node.ts';
import { judgeReplica } from './replica.ts';
import { type Footing, judgeTenant } from './tenant.ts';
import { OK, type Verdict } from './verdict.ts';
import { judgeWorkload } from './workload.ts';

/** What a verdict may need beside the noun itself. */
export interface Surroundings {
  limits: Thresholds;
  /** Milliseconds since 1970. */
  now: number;
  node(id: string): Node | undefined;
  replicasOf(workload: string): Iterable<Replica>;
  isNewestBackup(id: string): boolean;
  /** What a tenant stands on, already judged. */
  footing(instance: Instance): Footing;
}

/** The one place where health is decided. */
export function judge(noun: Noun, around: Surroundings): Verdict {
  switch (noun.kind) {
    case 'node':
      return judgeNode(noun, around.limits);
    case 'host':
      return judgeHost(noun, around.limits);
    case 'replica':
      return judgeReplica(noun, noun.node ? around.node(noun.node) : undefined, around.limits, around.now);
    case 'workload':
      return judgeWorkload(noun, around.replicasOf(noun.id));
    case 'pool':
      return data.judgePool(noun, around.limits);
    case 'directory':
      return data.judgeDirectory(noun, around.limits);
    case 'storage':
      return data.judgeStorage(noun);
    case 'instance':
      return judgeTenant(noun, around.footing(noun));
    case 'backup':
      return data.judgeBackup(noun, around.isNewestBackup(noun.id), around.limits, around.now);
    case 'check':
      return data.judgeCheck(noun, around.limits);
    case 'service':
      return data.judgeService(noun);
    case 'claim':
      return data.judgeClaim(noun);
    case 'database':
    case 'network':
    case 'route':
      return OK;
    case 'object':
      return { health: 'unknown', reason: null };
  }
}
