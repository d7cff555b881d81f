import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Node, Replica } from '../../src/model/entity.ts';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import { optionsOf } from '../contract/embedded.ts';
import { printer } from '../helpers/printer.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
afterAll(() => demo.close());

async function taskOn(node: string): Promise<Replica> {
  await demo.noun(`swarm/node/${node}`);
  return vi.waitFor(() => {
    const found = [...demo.fleet.all('replica').values()].find(
      each => each.system === 'swarm' && each.ready && demo.fleet.get('node', each.node ?? '')?.name === node,
    );
    if (!found) throw new Error(`no task runs on ${node}`);
    return found;
  }, 30_000);
}

describe('where the profile says how engines are reached', () => {
  beforeAll(async () => {
    demo = await OnDemo.start();
  });

  it('runs a command in a task of another node, through the engine that has its container', async () => {
    const console = printer();
    const gateway = demo.gateway({ console });
    const { engines = {} } = optionsOf(demo.platform, 'swarm');
    const action = await demo.act('exec', await taskOn('vps-3'), { command: 'echo hello' }, gateway);
    expect(action).toMatchObject({ outcome: 'done', exitCode: 0 });
    expect(console.printed).toEqual(['stdout: hello\n']);
    const [deed] = gateway.journal.deeds({});
    expect(deed?.intent.system).toBe(engines['vps-3']);
    expect(deed?.intent.command).toMatch(
      new RegExp(`^docker --host ${engines['vps-3']} exec [0-9a-f]{12} echo hello$`),
    );
  });

  it('cleans up each engine by itself', async () => {
    const gateway = demo.gateway();
    const nodes = await Promise.all(['vps-1', 'vps-2', 'vps-3'].map(name => demo.noun(`swarm/node/${name}`)));
    const proposals = [];
    for (const node of nodes) proposals.push(await demo.propose('prune', node, { what: 'images' }, gateway));
    expect(new Set(proposals.map(({ client }) => client.target)).size).toBe(3);
    const [first, second] = proposals;
    expect(first?.plan.notes[0]).toMatch(/^on the engine of vps-1: /);
    expect(second?.plan.command).toMatch(/^docker --host tcp:\S+ image prune --force$/);
    if (!second) throw new Error('there is no second node');
    expect(await demo.carryOut(second, gateway)).toMatchObject({
      outcome: 'done',
      words: expect.stringMatching(/^3 of 3 images removed, \S+ freed/),
    });
    const again = (name: string) =>
      demo.noun(`swarm/node/${name}`).then(node => demo.propose('prune', node, { what: 'images' }));
    await expect(again('vps-2')).rejects.toThrow('there is nothing to remove');
    // The others have kept theirs.
    expect((await again('vps-1')).plan.changes).toEqual(first?.plan.changes);
    expect((await again('vps-3')).plan.changes[0]?.from).toBe('3 that nothing uses');
  });

  it('says within its deadline that the engine of a lost node does not answer, and the command by hand', async () => {
    const task = await taskOn('vps-2');
    await demo.platform.trigger('node-loss', { node: 'vps-2' });
    await expect(demo.propose('exec', task)).rejects.toThrow(
      /^the engine of vps-2 is not reached: no answer within 5 s\. By hand: ssh -t vps-2 docker exec -it [0-9a-f]{12} sh$/,
    );
    await demo.platform.trigger('recover');
  });
});

describe.each<[string, SwarmOptions['engines'], RegExp]>([
  ['nothing is said', undefined, /the profile does not say how\. By hand: ssh -t vps-3 docker/],
  ['it leads nowhere', { '*': 'ssh://ops@{node}.invalid:2222' }, /By hand: ssh -t -p 2222 ops@vps-3 docker/],
  ['a socket is not there', { '*': 'unix:///nowhere/{node}.sock' }, /there is no such socket\. By hand: ssh -t vps-3/],
])('where %s', (_name, engines, words) => {
  it('names what is wrong, and the command by hand', async () => {
    const own = await OnDemo.start('still', { engines });
    try {
      const node = await own.noun('swarm/node/vps-3');
      await expect(own.propose('prune', node)).rejects.toThrow(words);
      // The engine that the swarm is watched through needs none.
      await own.propose('prune', await own.noun('swarm/node/vps-1'), { what: 'images' });
    } finally {
      await own.close();
    }
  });
});

it('refuses an engine that is not of that node', async () => {
  const { engines = {} } = optionsOf(demo.platform, 'swarm');
  const own = await OnDemo.start('still', { engines: { 'vps-3': engines['vps-2'] ?? '' } });
  try {
    const node = (await own.noun('swarm/node/vps-3')) as Node;
    await expect(own.propose('prune', node)).rejects.toThrow('the engine of another machine answers there: vps-2');
  } finally {
    await own.close();
  }
});
