import { afterAll, beforeAll, expect, it } from 'vitest';
import { wordsOf } from '../../src/actions/words.ts';
import { printer } from '../helpers/printer.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(() => demo.close());

const POD = 'kubernetes/saasodoo/pod/redis-0';

it.each([
  [POD, 'echo hello', ['stdout: hello\n'], 0],
  [POD, 'sh -c "nosuch; exit 3"', ['stderr: sh: nosuch: not found\n'], 3],
  ['swarm/service/saasodoo_traefik', 'echo hello', ['stdout: hello\n'], 0],
  ['swarm/service/saasodoo_traefik', 'sh -c "nosuch; exit 3"', ['stderr: sh: nosuch: not found\n'], 3],
])('%s runs %s', async (id, command, printed, exitCode) => {
  const console = printer();
  const gateway = demo.gateway({ console });
  const action = await demo.act('exec', await demo.noun(id), { command }, gateway);
  expect(action).toMatchObject({ outcome: 'done', exitCode });
  expect(console.printed).toEqual(printed);
  const [deed] = gateway.journal.deeds({});
  expect(deed).toMatchObject({ intent: { verb: 'exec' }, ending: { outcome: 'done' } });
  expect(JSON.stringify(deed)).not.toContain('not found');
});

it.each([POD, 'swarm/service/saasodoo_traefik'])('%s says that there is no such program', async id => {
  const gateway = demo.gateway({ console: printer() });
  const action = await demo.act('exec', await demo.noun(id), { command: 'nosuch' }, gateway);
  expect(action).toMatchObject({ outcome: 'failed', words: expect.stringContaining('executable file not found') });
});

it('opens no shell where there is no terminal', async () => {
  const gateway = demo.gateway({ console: printer() });
  const action = await demo.act('exec', await demo.noun(POD), {}, gateway);
  expect(action).toMatchObject({ outcome: 'refused', words: expect.stringContaining('a shell needs a terminal') });
});

it('is refused when nothing may be written', async () => {
  const gateway = demo.gateway({ console: printer(), readOnly: true });
  const action = await demo.act('exec', await demo.noun(POD), { command: 'ls' }, gateway);
  expect(action).toMatchObject({ outcome: 'refused', words: 'read-only: nothing is written' });
});

it('does not enter another pod that has got the name', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/pod/rabbitmq-0');
  const gateway = demo.gateway({ console: printer() });
  const proposal = await demo.propose('exec', noun, { command: 'ls' }, gateway);
  await demo.remove(noun);
  await expect.poll(async () => (await demo.noun(noun.id)).uid).not.toBe(noun.uid);
  expect(await demo.carryOut(proposal, gateway)).toMatchObject({
    outcome: 'refused',
    words: 'rabbitmq-0 is another one now',
  });
});

it('keeps a password out of the journal', async () => {
  const gateway = demo.gateway({ console: printer() });
  await demo.act('exec', await demo.noun(POD), { command: 'echo --password=hunter2' }, gateway);
  expect(JSON.stringify(gateway.journal.deeds({}))).not.toContain('hunter2');
});

it.each([
  ['ls /app', ['ls', '/app']],
  [`sh -c 'a "b" c' "d\\"e" f\\ g ''`, ['sh', '-c', 'a "b" c', 'd"e', 'f g', '']],
  ['  ', []],
  [`it's`, null],
])('takes %j apart', (command, words) => {
  expect(wordsOf(command)).toEqual(words);
});
