import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Console } from '../../src/actions/console.ts';
import { draftText } from '../../src/actions/draft-text.ts';
import { at } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { MASK } from '../../src/model/secrets.ts';
import { OnDemo } from './on-demo.ts';

const SERVICES = ['kubernetes/saasodoo/deployment/user-service', 'swarm/service/saasodoo_user-service'];

let demo: OnDemo;
let folder: string;
beforeAll(async () => {
  demo = await OnDemo.start();
  // One that names its password in its own text.
  const noun = await demo.noun(SERVICES[0] ?? '');
  const [container] = at(await demo.read(noun), ['spec', 'template', 'spec', 'containers']) as object[];
  const containers = [{ ...container, env: [{ name: 'DB_PASSWORD', value: 'a-secret' }] }];
  const [path, type] = [demo.pathOf(noun), 'application/merge-patch+json'];
  await demo.write('kubernetes', {
    method: 'PATCH',
    path,
    type,
    body: { spec: { template: { spec: { containers } } } },
  });
});
afterAll(() => demo.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-edit-'));
  return () => rmSync(folder, { recursive: true });
});

const replicasIn = (object: unknown) =>
  at(object, ['spec', 'replicas']) ?? at(object, ['Spec', 'Mode', 'Replicated', 'Replicas']);

/** The text of a noun, changed. */
async function changed(noun: Noun, change: (text: string) => string): Promise<string> {
  const file = join(folder, 'text.yaml');
  const text = await draftText(noun, await demo.read(noun));
  expect(change(text)).not.toBe(text);
  writeFileSync(file, change(text));
  return file;
}

const to = (count: number) => (text: string) => text.replace(/^( *)(replicas|Replicas): \d+$/m, `$1$2: ${count}`);
const toFour = to(4);

it.each(SERVICES)('%s becomes what the text says, and keeps its secrets', async id => {
  const noun = await demo.noun(id);
  const before = await demo.read(noun);
  const file = await changed(noun, toFour);
  expect(readFileSync(file, 'utf8')).toContain(MASK);
  const proposal = await demo.propose('edit', noun, { file });
  expect(proposal.plan.changes).toEqual([
    { what: expect.stringMatching(/replicas$/i), from: `${replicasIn(before)}`, to: '4' },
  ]);
  expect(replicasIn(await demo.read(noun))).toBe(replicasIn(before));
  expect(await demo.carryOut(proposal)).toMatchObject({ outcome: 'done' });
  const after = await demo.read(noun);
  expect(replicasIn(after)).toBe(4);
  expect(JSON.stringify(after)).not.toContain(MASK);
});

it.each(SERVICES)('%s is refused when somebody else changed it since the text was opened', async id => {
  const noun = await demo.noun(id);
  const file = await changed(noun, to(5));
  await demo.change(noun);
  await expect(demo.propose('edit', noun, { file })).rejects.toThrow('was changed by somebody else since');
});

it.each(SERVICES)('%s is refused when a masked value was touched, and takes a new one', async id => {
  const noun = await demo.noun(id);
  const touched = await changed(noun, text => text.replace(MASK, `${MASK}x`));
  await expect(demo.propose('edit', noun, { file: touched })).rejects.toMatchObject({ field: 'file' });
  const file = await changed(noun, text => text.replace(MASK, 'hunter2'));
  const gateway = demo.gateway();
  const proposal = await demo.propose('edit', noun, { file }, gateway);
  expect(proposal.plan.changes).toHaveLength(1);
  await demo.carryOut(proposal, gateway);
  expect(JSON.stringify(await demo.read(noun))).toContain('hunter2');
  expect(JSON.stringify([gateway.journal.deeds({}), proposal.plan.changes, proposal.plan.proofs])).not.toContain(
    'hunter2',
  );
});

it.each(SERVICES)('%s becomes again what it was, by a text that holds no secret', async id => {
  const noun = await demo.noun(id);
  const drafts = join(folder, 'edits');
  const gateway = demo.gateway({ drafts });
  const before = replicasIn(await demo.read(noun));
  const spec = (object: unknown) => at(object, ['Spec']) ?? at(object, ['spec', 'template']);
  const was = spec(await demo.read(noun));
  const input = { file: await changed(noun, to(7)) };
  const { outcome, words } = await demo.act('edit', noun, input, gateway);
  expect({ outcome, words }).toEqual({ outcome: 'done', words: expect.stringMatching(/ in \d+ s$/) });
  const [kept = ''] = readdirSync(join(drafts, 'before'));
  const file = join(drafts, 'before', kept);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(MASK);
  expect(readFileSync(file, 'utf8')).not.toContain('demo-not-a-secret');
  expect(gateway.lastUndoable()?.intent.inverse).toEqual({ verb: 'edit', input: { file } });
  expect(await demo.undo(gateway)).toMatchObject({ outcome: 'done' });
  expect(replicasIn(await demo.read(noun))).toBe(before);
  expect(spec(await demo.read(noun))).toEqual(was);
  // And the other way round; not when the text is gone.
  rmSync(join(drafts, 'before'), { recursive: true });
  await expect(demo.undo(gateway)).rejects.toThrow('had before is gone');
});

it('is not taken back where a secret was changed, nor when somebody else has changed the same', async () => {
  const noun = await demo.noun(SERVICES[0] ?? '');
  const gateway = demo.gateway({ drafts: join(folder, 'edits') });
  const secret = { file: await changed(noun, text => text.replace(MASK, 'another-one')) };
  const { plan } = await demo.propose('edit', noun, secret, gateway);
  expect(plan.inverse).toBeNull();
  expect(plan.notes).toContain('it changes a secret, which is kept nowhere: there is no way back');
  await demo.act(
    'edit',
    noun,
    { file: await changed(noun, text => text.replace(/replicas: \d+/, 'replicas: 2')) },
    gateway,
  );
  await demo.act('scale', noun, { replicas: '3' });
  await expect(demo.undo(gateway)).rejects.toThrow('has moved on since');
});

it.each([
  ['no YAML', 'a: [', /it is not YAML/],
  ['no object', '- 1', /it holds no object/],
  ['another object', 'kind: Deployment\nmetadata: { name: other }', /metadata.name says other/],
  ['another kind', 'kind: Service', /kind cannot be changed/],
])('refuses %s', async (_, text, why) => {
  const file = join(folder, 'text.yaml');
  writeFileSync(file, text);
  await expect(demo.propose('edit', await demo.noun(SERVICES[0] ?? ''), { file })).rejects.toThrow(why);
});

it('asks for the name when it is switched off by it', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/billing-service');
  const file = await changed(noun, text => text.replace(/^ {2}replicas: \d+$/m, '  replicas: 0'));
  expect(await demo.propose('edit', noun, { file })).toMatchObject({ needs: { confirm: 'name' } });
});

it('lets the system refuse what cannot be, in its words', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/billing-service');
  const file = await changed(noun, text => text.replace(/^ {2}replicas: \d+$/m, '  replicas: -1'));
  expect((await demo.propose('edit', noun, { file })).rehearsal).toMatchObject({ ok: false });
});

/** An editor that does this to its file. */
const editor = (run: (file: string) => number | null): Console => ({
  hasTerminal: true,
  lend: (_head, use) =>
    use({
      size: () => null,
      print: () => {},
      onType: () => {},
      onResize: () => {},
      run: async (_file, args) => run(args.at(-1) ?? ''),
    }),
});

it('opens the editor, keeps the text until it is taken, and offers it again', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/database-service');
  const drafts = join(folder, 'edits');
  const texts: string[] = [];
  const draft = (change: (text: string) => string, code: number | null = 0) => {
    const console = editor(file => {
      texts.push(readFileSync(file, 'utf8'));
      writeFileSync(file, change(readFileSync(file, 'utf8')));
      return code;
    });
    return demo.gateway({ console, drafts }).draft(noun, AbortSignal.timeout(10_000));
  };
  expect(await draft(text => text)).toBeNull();
  expect(readdirSync(drafts)).toEqual([]);
  const file = await draft(toFour);
  expect(file).toMatch(/edits\/kubernetes_saasodoo_deployment_database-service\.yaml$/);
  expect(statSync(file ?? '').mode & 0o777).toBe(0o600);
  expect(statSync(drafts).mode & 0o777).toBe(0o700);
  await expect(draft(text => text, 1)).rejects.toThrow('ended with 1: nothing is written');
  expect(await draft(text => text)).toBe(file);
  expect(texts.at(-1)).toContain('replicas: 4');
  // What it was made from is gone: the old text stays beside a new one.
  await demo.change(noun);
  expect(await draft(text => text)).toBeNull();
  expect(texts.at(-1)).not.toContain('replicas: 4');
  expect(readdirSync(drafts)).toEqual(['kubernetes_saasodoo_deployment_database-service.yaml.old']);
  await expect(demo.gateway({ readOnly: true, drafts }).draft(noun, AbortSignal.timeout(1_000))).rejects.toThrow(
    'read-only',
  );
});
