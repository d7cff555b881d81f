import { afterAll, beforeAll, expect, it } from 'vitest';
import { groupsOf } from '../../src/actions/groups.ts';
import { restart } from '../../src/actions/verbs/restart.ts';
import { groupCommands } from '../../src/screen/palette.ts';
import { OnDemo } from './on-demo.ts';

const GROUPS = { instance: ['instance-service', 'instance-worker'], lonely: ['user-service', 'is-not-there'] };
let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
}, 60_000);
afterAll(() => demo.close());

it.each([
  ['kubernetes/saasodoo/deployment/', ''],
  ['swarm/service/', 'saasodoo_'],
])('finds those beside a workload of %s by their names', async (place, prefix) => {
  const noun = await demo.noun(`${place}${prefix}instance-worker`);
  await demo.noun(`${place}${prefix}instance-service`);
  const groups = groupsOf(GROUPS, noun, demo.fleet);
  expect(groups.map(({ name, members }) => [name, members.map(({ id }) => id)])).toEqual([
    ['instance', [`${place}${prefix}instance-service`, `${place}${prefix}instance-worker`]],
  ]);
  const { plan } = await demo.propose('restart', noun, {}, demo.gateway({ groups: GROUPS }));
  expect(plan.notes).toContain(`belongs with ${prefix}instance-service (group instance)`);
  const [command] = groupCommands(restart, groups);
  expect(command).toMatchObject({ name: 'restart group instance', unfit: null, run: { nouns: groups[0]?.members } });
});

it('makes no group of one', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/user-service');
  expect(groupsOf(GROUPS, noun, demo.fleet)).toEqual([]);
});
