import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input } from '../../src/model/deed.ts';
import { OnDemo } from './on-demo.ts';

/** A verb on one target. What becomes of it is held by test/contract/actions.ts, on the real systems too. */
interface Row {
  verb: string;
  /** Id of the target, or the beginning of it. */
  on: string;
  input?: Input;
  /** As an operator would have typed it. */
  command: string | RegExp;
}

const KUBERNETES: Row[] = [
  {
    verb: 'scale',
    on: 'kubernetes/saasodoo/deployment/user-service',
    input: { replicas: '+2' },
    command: 'kubectl -n saasodoo scale deployment/user-service --replicas=5',
  },
  {
    verb: 'restart',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command: 'kubectl -n saasodoo rollout restart deployment/user-service',
  },
  {
    verb: 'rollback',
    on: 'kubernetes/saasodoo/deployment/billing-service',
    command: /^kubectl -n saasodoo rollout undo deployment\/billing-service --to-revision=\d+$/,
  },
  {
    verb: 'pause',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command: 'kubectl -n saasodoo rollout pause deployment/user-service',
  },
  {
    verb: 'pause',
    on: 'kubernetes/saasodoo/cronjob/',
    command: /^kubectl -n saasodoo patch cronjob\/\S+ --type=merge -p '{"spec":{"suspend":true}}'$/,
  },
  {
    verb: 'set-image',
    on: 'kubernetes/saasodoo/deployment/user-service',
    input: { image: 'postgres:18-alpine' },
    command: 'kubectl -n saasodoo set image deployment/user-service user-service=postgres:18-alpine',
  },
  {
    verb: 'set-resources',
    on: 'kubernetes/saasodoo/deployment/user-service',
    input: { 'cpu-request': '20m', 'memory-limit': '1Gi', 'cpu-limit': 'none' },
    command:
      'kubectl -n saasodoo set resources deployment/user-service -c=user-service --requests=cpu=20m --limits=cpu=0,memory=1Gi',
  },
  {
    verb: 'delete-pod',
    on: 'kubernetes/saasodoo/pod/instance-service-',
    input: { grace: '5' },
    command: /^kubectl -n saasodoo delete pod\/instance-service-\S+ --grace-period=5$/,
  },
  {
    verb: 'evict',
    on: 'kubernetes/saasodoo/pod/instance-service-',
    command:
      /^echo '{.+}' \| kubectl -n saasodoo create --raw \/api\/v1\/namespaces\/saasodoo\/pods\/\S+\/eviction -f -$/,
  },
  {
    verb: 'delete',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command: 'kubectl -n saasodoo delete deployment/user-service --cascade=foreground',
  },
  {
    verb: 'cordon',
    on: 'kubernetes/node/vps-2',
    command: 'kubectl cordon vps-2',
  },
  {
    verb: 'uncordon',
    on: 'kubernetes/node/vps-2',
    command: 'kubectl uncordon vps-2',
  },
  {
    verb: 'drain',
    on: 'kubernetes/node/vps-3',
    command: 'kubectl drain vps-3 --ignore-daemonsets --timeout=30m',
  },
  {
    verb: 'label',
    on: 'kubernetes/node/vps-2',
    input: { label: 'disk=fast' },
    command: 'kubectl label node vps-2 disk=fast',
  },
  {
    verb: 'remove',
    on: 'kubernetes/node/vps-3',
    command: 'kubectl delete node vps-3',
  },
  {
    verb: 'rebuild',
    on: 'kubernetes/saasodoo/deployment/user-service',
    command:
      'kubectl -n saasodoo scale deployment/user-service --replicas=0 && kubectl -n saasodoo wait --for=delete pod -l app.kubernetes.io/name=user-service,app.kubernetes.io/part-of=saasodoo --timeout=5m && kubectl -n saasodoo scale deployment/user-service --replicas=3',
  },
];

const SWARM: Row[] = [
  {
    verb: 'scale',
    on: 'swarm/service/saasodoo_user-service',
    input: { replicas: '3' },
    command: 'docker service scale saasodoo_user-service=3',
  },
  {
    verb: 'restart',
    on: 'swarm/service/saasodoo_user-service',
    command: 'docker service update --force saasodoo_user-service',
  },
  {
    verb: 'rollback',
    on: 'swarm/service/saasodoo_user-service',
    command: 'docker service rollback saasodoo_user-service',
  },
  {
    verb: 'set-image',
    on: 'swarm/service/saasodoo_user-service',
    input: { image: 'postgres:18-alpine' },
    command: 'docker service update --no-resolve-image --image postgres:18-alpine saasodoo_user-service',
  },
  {
    verb: 'set-resources',
    on: 'swarm/service/saasodoo_user-service',
    input: { 'cpu-limit': '500m', 'memory-limit': '1Gi', 'memory-request': 'none' },
    command: 'docker service update --limit-cpu 0.5 --reserve-memory 0 --limit-memory 1073741824 saasodoo_user-service',
  },
  {
    verb: 'delete',
    on: 'swarm/service/saasodoo_user-service',
    command: 'docker service rm saasodoo_user-service',
  },
  {
    verb: 'availability',
    on: 'swarm/node/vps-3',
    input: { availability: 'pause' },
    command: 'docker node update --availability pause vps-3',
  },
  {
    verb: 'drain',
    on: 'swarm/node/vps-3',
    command: 'docker node update --availability drain vps-3',
  },
  {
    verb: 'label',
    on: 'swarm/node/vps-3',
    input: { label: 'zone=two words' },
    command: "docker node update --label-add 'zone=two words' vps-3",
  },
  {
    verb: 'remove',
    on: 'swarm/node/vps-3',
    input: { force: 'yes' },
    command: 'docker node rm --force vps-3',
  },
  {
    verb: 'rebuild',
    on: 'swarm/service/saasodoo_user-service',
    command:
      'docker service scale saasodoo_user-service=0 && docker service update --force --replicas 1 saasodoo_user-service',
  },
];

describe('tells the command of it, and the right that is missing, and changes nothing:', () => {
  let demo: OnDemo;
  beforeAll(async () => {
    demo = await OnDemo.start();
  }, 60_000);
  afterAll(() => demo.close());

  it.each([...KUBERNETES, ...SWARM])('$verb of $on', async ({ verb, on, input, command }) => {
    const noun = await demo.noun(on);
    const before = await demo.read(noun);
    const { plan, refused } = await demo.propose(verb, noun, input);
    expect(plan.command).toMatch(command);
    expect(refused).toBeNull();
    expect(JSON.stringify({ ...plan, edits: [] })).not.toContain('demo-not-a-secret');
    if (noun.source === 'kubernetes') {
      demo.platform.kubernetes.rights = 'view';
      expect((await demo.propose(verb, noun, input)).refused).toMatch(
        /^not allowed: .+ may not (patch|delete|create) /,
      );
      demo.platform.kubernetes.rights = 'all';
    }
    expect(await demo.read(noun)).toEqual(before);
  });
});
