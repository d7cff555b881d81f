import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import type { Input } from '../../src/model/deed.ts';
import type { Noun } from '../../src/model/entity.ts';
import { answerLost, OnDemo, systemGone } from './on-demo.ts';

/** A verb on one target, and what must be seen of it. */
interface Row {
  verb: string;
  /** Id of the target, or the beginning of it. */
  on: string;
  input?: Input;
  command: string | RegExp;
  /** The part of the object that it changes; all of it when left out. */
  changes?: string[];
  /** That part afterwards, null when the object is to be gone; left out where it is enough that it is another. */
  to?: unknown;
  /** It is meant whatever has changed of it. */
  byIdentity?: true;
}

const KUBERNETES: Row[] = [
  {
    verb: 'scale',
    on: 'kubernetes/saasodoo/deployment/user-service',
    input: { replicas: '+2' },
    command: 'kubectl -n saasodoo scale deployment/user-service --replicas=5',
    changes: ['spec', 'replicas'],
    to: 5,
  },
  {
    verb: 'restart',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command: 'kubectl -n saasodoo rollout restart deployment/user-service',
    changes: ['spec', 'template', 'metadata', 'annotations'],
  },
  {
    verb: 'rollback',
    on: 'kubernetes/saasodoo/deployment/billing-service',
    command: /^kubectl -n saasodoo rollout undo deployment\/billing-service --to-revision=\d+$/,
    changes: ['spec', 'template'],
  },
  {
    verb: 'pause',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command: 'kubectl -n saasodoo rollout pause deployment/user-service',
    changes: ['spec', 'paused'],
    to: true,
  },
  {
    verb: 'pause',
    on: 'kubernetes/saasodoo/cronjob/',
    command: /^kubectl -n saasodoo patch cronjob\/\S+ --type=merge -p '{"spec":{"suspend":true}}'$/,
    changes: ['spec', 'suspend'],
    to: true,
  },
  {
    verb: 'set-image',
    on: 'kubernetes/saasodoo/deployment/user-service',
    input: { image: 'postgres:18-alpine' },
    command: 'kubectl -n saasodoo set image deployment/user-service user-service=postgres:18-alpine',
    changes: ['spec', 'template', 'spec', 'containers', '0', 'image'],
    to: 'postgres:18-alpine',
  },
  {
    verb: 'set-resources',
    on: 'kubernetes/saasodoo/deployment/user-service',
    input: { 'cpu-request': '20m', 'memory-limit': '1Gi', 'cpu-limit': 'none' },
    command:
      'kubectl -n saasodoo set resources deployment/user-service -c=user-service --requests=cpu=20m --limits=cpu=0,memory=1Gi',
    changes: ['spec', 'template', 'spec', 'containers', '0', 'resources'],
    to: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '1Gi' } },
  },
  {
    verb: 'delete-pod',
    byIdentity: true,
    on: 'kubernetes/saasodoo/pod/instance-service-',
    input: { grace: '5' },
    command: /^kubectl -n saasodoo delete pod\/instance-service-\S+ --grace-period=5$/,
    changes: ['metadata', 'uid'],
    to: null,
  },
  {
    verb: 'evict',
    byIdentity: true,
    on: 'kubernetes/saasodoo/pod/instance-service-',
    command:
      /^echo '{.+}' \| kubectl -n saasodoo create --raw \/api\/v1\/namespaces\/saasodoo\/pods\/\S+\/eviction -f -$/,
    changes: ['metadata', 'uid'],
    to: null,
  },
  {
    verb: 'delete',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command: 'kubectl -n saasodoo delete deployment/user-service --cascade=foreground',
    changes: ['metadata', 'uid'],
    to: null,
  },
  {
    verb: 'cordon',
    on: 'kubernetes/node/vps-2',
    command: 'kubectl cordon vps-2',
    changes: ['spec', 'unschedulable'],
    to: true,
  },
  {
    verb: 'uncordon',
    on: 'kubernetes/node/vps-2',
    command: 'kubectl uncordon vps-2',
    changes: ['spec', 'unschedulable'],
    to: null,
  },
  {
    verb: 'drain',
    on: 'kubernetes/node/vps-3',
    command: 'kubectl drain vps-3 --ignore-daemonsets --timeout=30m',
    changes: ['spec', 'unschedulable'],
    to: true,
  },
  {
    verb: 'label',
    on: 'kubernetes/node/vps-2',
    input: { label: 'disk=fast' },
    command: 'kubectl label node vps-2 disk=fast',
    changes: ['metadata', 'labels', 'disk'],
    to: 'fast',
  },
  {
    verb: 'remove',
    on: 'kubernetes/node/vps-3',
    command: 'kubectl delete node vps-3',
    to: null,
  },
  {
    verb: 'rebuild',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command:
      'kubectl -n saasodoo scale deployment/user-service --replicas=0 && kubectl -n saasodoo wait --for=delete pod -l app.kubernetes.io/name=user-service,app.kubernetes.io/part-of=saasodoo --timeout=5m && kubectl -n saasodoo scale deployment/user-service --replicas=3',
    changes: ['metadata', 'generation'],
  },
];

const SWARM: Row[] = [
  {
    verb: 'scale',
    on: 'swarm/service/saasodoo_user-service',
    input: { replicas: '3' },
    command: 'docker service scale saasodoo_user-service=3',
    changes: ['Spec', 'Mode', 'Replicated', 'Replicas'],
    to: 3,
  },
  {
    verb: 'restart',
    on: 'swarm/service/saasodoo_user-service',
    command: 'docker service update --force saasodoo_user-service',
    changes: ['Spec', 'TaskTemplate', 'ForceUpdate'],
  },
  {
    verb: 'rollback',
    on: 'swarm/service/saasodoo_user-service',
    command: 'docker service rollback saasodoo_user-service',
    changes: ['Spec'],
  },
  {
    verb: 'set-image',
    on: 'swarm/service/saasodoo_user-service',
    input: { image: 'postgres:18-alpine' },
    command: 'docker service update --no-resolve-image --image postgres:18-alpine saasodoo_user-service',
    changes: ['Spec', 'TaskTemplate', 'ContainerSpec', 'Image'],
    to: 'postgres:18-alpine',
  },
  {
    verb: 'set-resources',
    on: 'swarm/service/saasodoo_user-service',
    input: { 'cpu-limit': '500m', 'memory-limit': '1Gi', 'memory-request': 'none' },
    command: 'docker service update --limit-cpu 0.5 --reserve-memory 0 --limit-memory 1073741824 saasodoo_user-service',
    changes: ['Spec', 'TaskTemplate', 'Resources'],
  },
  {
    verb: 'delete',
    byIdentity: true,
    on: 'swarm/service/saasodoo_user-service',
    command: 'docker service rm saasodoo_user-service',
    changes: ['ID'],
    to: null,
  },
  {
    verb: 'availability',
    on: 'swarm/node/vps-3',
    input: { availability: 'pause' },
    command: 'docker node update --availability pause vps-3',
    changes: ['Spec', 'Availability'],
    to: 'pause',
  },
  {
    verb: 'drain',
    on: 'swarm/node/vps-3',
    command: 'docker node update --availability drain vps-3',
    changes: ['Spec', 'Availability'],
    to: 'drain',
  },
  {
    verb: 'label',
    on: 'swarm/node/vps-3',
    input: { label: 'zone=two words' },
    command: "docker node update --label-add 'zone=two words' vps-3",
    changes: ['Spec', 'Labels', 'zone'],
    to: 'two words',
  },
  {
    verb: 'remove',
    on: 'swarm/node/vps-3',
    input: { force: 'yes' },
    command: 'docker node rm --force vps-3',
    to: null,
    byIdentity: true,
  },
  {
    verb: 'rebuild',
    on: 'swarm/service/saasodoo_user-service',
    command:
      'docker service scale saasodoo_user-service=0 && docker service update --force --replicas 1 saasodoo_user-service',
    changes: ['Spec', 'TaskTemplate', 'ForceUpdate'],
  },
];

describe.each([...KUBERNETES, ...SWARM])('$verb of $on', row => {
  const { verb, input } = row;

  describe('', () => {
    let demo: OnDemo;
    let noun: Noun;
    const part = async () => at(await demo.find(noun), row.changes ?? []);

    beforeAll(async () => {
      demo = await OnDemo.start();
      noun = await demo.noun(row.on);
    }, 60_000);
    afterAll(() => demo.close());

    it('says what it would do, and changes nothing', async () => {
      const before = await demo.read(noun);
      const { plan, refused, rehearsal } = await demo.propose(verb, noun, input);
      expect(plan.command).toMatch(row.command);
      expect(refused).toBeNull();
      expect(rehearsal).toEqual(noun.source === 'kubernetes' ? { ok: true, words: 'ok (dry run)' } : null);
      expect(JSON.stringify({ ...plan, edits: [] })).not.toContain('demo-not-a-secret');
      expect(await demo.read(noun)).toEqual(before);
    });

    it.runIf(row.on.startsWith('kubernetes'))('says which right is missing', async () => {
      demo.platform.kubernetes.rights = 'view';
      const { refused } = await demo.propose(verb, noun, input);
      expect(refused).toMatch(/^not allowed: .+ may not (patch|delete|create) /);
      demo.platform.kubernetes.rights = 'all';
    });

    it('says that it failed when the system is gone', async () => {
      const before = await part();
      const { outcome, words } = await demo.carryOut(systemGone(await demo.propose(verb, noun, input)));
      expect({ outcome, words }).toEqual({ outcome: 'failed', words: 'never sent: connection refused' });
      expect(await part()).toEqual(before);
    });

    it.runIf(!row.byIdentity)('leaves what somebody else changed meanwhile', async () => {
      const proposal = await demo.propose(verb, noun, input);
      await demo.change(noun);
      const before = await part();
      const { outcome, words } = await demo.carryOut(proposal);
      expect({ outcome, words }).toEqual({
        outcome: 'refused',
        words: expect.stringContaining('was changed meanwhile'),
      });
      expect(await part()).toEqual(before);
    });

    it('does it, and takes it back', async () => {
      const before = await part();
      const gateway = demo.gateway();
      const { outcome, words, proposal } = await demo.act(verb, noun, input, gateway);
      expect({ outcome, words }).toEqual({ outcome: 'done', words: expect.stringMatching(/ in \d+ s$/) });
      const after = await part();
      if ('to' in row) expect(after).toEqual(row.to);
      else expect(after).not.toEqual(before);
      if (!proposal.plan.inverse) return expect(gateway.lastUndoable()).toBeNull();
      expect(await demo.undo(gateway)).toMatchObject({ outcome: 'done' });
      expect(await part()).toEqual(before);
    });
  });

  it('looks whether it was done when the answer is lost, and touches nothing that is gone', async () => {
    const demo = await OnDemo.start();
    const noun = await demo.noun(row.on);
    const [first, second] = [await demo.propose(verb, noun, input), await demo.propose(verb, noun, input)];
    expect(await demo.carryOut(answerLost(first))).toMatchObject({ outcome: 'done' });
    await demo.remove(noun);
    const { outcome, words } = await demo.carryOut(second);
    expect({ outcome, words }).toEqual({ outcome: 'refused', words: expect.stringMatching(/not found|another one/) });
    await demo.close();
  });
});
