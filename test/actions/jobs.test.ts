import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, uidOf } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { answerLost, OnDemo, systemGone } from './on-demo.ts';

let demo: OnDemo;
let cron: Noun;
beforeAll(async () => {
  demo = await OnDemo.start();
  cron = await demo.noun('kubernetes/saasodoo/cronjob/');
}, 60_000);
afterAll(() => demo.close());

const jobs = async () => {
  const items = at(await demo.get('kubernetes', '/apis/batch/v1/namespaces/saasodoo/jobs'), ['items']);
  return (Array.isArray(items) ? items : []).filter(job => /-manual-/.test(job.metadata.name));
};

it('triggers a CronJob as kubectl does, and deletes the job when it has ended', async () => {
  const proposal = await demo.propose('trigger', cron);
  expect(proposal.rehearsal).toEqual({ ok: true, words: 'ok (dry run)' });
  expect(await jobs()).toEqual([]);
  expect(await demo.carryOut(systemGone(proposal))).toMatchObject({ outcome: 'failed' });
  expect(await demo.carryOut(answerLost(await demo.propose('trigger', cron)))).toMatchObject({ outcome: 'done' });
  const [job] = await jobs();
  expect(job.metadata).toMatchObject({
    annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    ownerReferences: [{ kind: 'CronJob', uid: uidOf(await demo.read(cron)), controller: true }],
  });

  const id = `kubernetes/saasodoo/job/${job.metadata.name}`;
  await expect
    .poll(async () => (await demo.noun(id)) as { finishedAt?: number | null }, { timeout: 20_000 })
    .toMatchObject({ finishedAt: expect.any(Number) });
  const ended = await demo.noun(id);
  expect((await demo.propose('delete', ended)).needs.confirm).toBe('y');
  expect(await demo.act('delete', ended)).toMatchObject({ outcome: 'done' });
  expect(await jobs()).toEqual([]);
});

it('does not trigger what was changed meanwhile, nor without the right', async () => {
  const proposal = await demo.propose('trigger', cron);
  await demo.remove(cron);
  const before = await jobs();
  demo.platform.kubernetes.rights = 'view';
  const { outcome } = await demo.carryOut(proposal);
  demo.platform.kubernetes.rights = 'all';
  expect(outcome).toBe('refused');
  expect(await jobs()).toEqual(before);
});
