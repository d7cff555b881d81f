import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { followUp } from '../../src/actions/cut-off.ts';
import type { Action, Gateway } from '../../src/actions/gateway.ts';
import type { Proposal } from '../../src/actions/proposal.ts';
import { verbNamed } from '../../src/actions/verbs.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Input } from '../../src/model/deed.ts';
import type { Directory } from '../../src/model/entity.ts';
import { createCephfs } from '../../src/sources/cephfs/index.ts';
import type { CephfsOptions } from '../../src/sources/cephfs/options.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';

/** What somebody else can do in a CephFS. Paths are below the mount, but for what links say. */
export interface Hands {
  directory(path: string): Promise<void>;
  file(path: string, bytes: number): Promise<void>;
  link(path: string, target: string): Promise<void>;
  /** A further name of a file. */
  hardLink(path: string, of: string): Promise<void>;
  /** A file whose name is no UTF-8. */
  unreadableName(directory: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** With all that is below it; nothing where it is not there. */
  remove(path: string): Promise<void>;
  /** What stands in a directory, links among it; null when it is not there. */
  names(path: string): Promise<string[] | null>;
  quota(path: string, bytes: number): Promise<void>;
  /** Whether so many bytes were taken; false: refused with EDQUOT. */
  write(path: string, bytes: number): Promise<boolean>;
  /** A folder outside of the mount with something in it, and whether that is still there. */
  outside: string;
  isOutsideIntact(): Promise<boolean>;
  mdsGone(): Promise<void>;
  heal(): Promise<void>;
}

export interface CephfsActionsBed {
  /** Watches all that is below `odoo_instances`. */
  options: CephfsOptions;
  mount: string;
  hands: Hands;
  close?(): Promise<void>;
}

const SOON = { timeout: 40_000, interval: 100 };
/** A look by ssh is eight commands, each of which takes seconds on a busy machine. */
const LONG_MS = 300_000;
const NEVER = new AbortController().signal;
const PARENT = 'odoo_instances';

/** Names that do harm to who hands them to a shell, or takes them for an option or for two. */
const STRANGE = [
  ...['a b', '-rf', '--', '-delete', '*', '?', '~', '...', '.hidden', "it's", 'say "so"', 'back\\slash'],
  ...['new\nline', '\n', 'tab\t', '$(touch pwned)', '`touch pwned`', ';touch pwned', '| cat', '&', '$HOME', 'ü ± 漢'],
];

/**
 * What must be so of every CephFS whose directories are emptied and limited.
 *
 * @param remote it is read through a connection to another host, which on a busy machine takes its time
 */
export function cephfsActionsContract(open: () => Promise<CephfsActionsBed>, { remote = false } = {}): void {
  const fleet = new Fleet();
  const pace = { directoriesEveryMs: 1_000, probeEveryMs: 1_000, ...(remote && { probeDeadlineMs: 15_000 }) };
  let bed: CephfsActionsBed;
  let hands: Hands;
  let gateway: Gateway;
  let made = 0;

  beforeAll(async () => {
    bed = await open();
    ({ hands } = bed);
    fleet.watch(createCephfs('fs', bed.options, pace));
    gateway = gatewayFor(fleet, { waits: { everyMs: 50, proofMs: 100 } });
    await vi.waitFor(() => expect(fleet.coverage('fs', 'directory')?.state).toBe('complete'), SOON);
  }, 60_000);
  afterAll(async () => {
    await fleet.stop();
    await bed?.close?.();
  }, 60_000);

  /** A directory of its own for a test, gone after it. */
  async function within(test: (path: string, noun: () => Promise<Directory>) => Promise<void>): Promise<void> {
    const name = `made_${++made}`;
    const path = `${PARENT}/${name}`;
    await hands.remove(path);
    await hands.directory(path);
    const find = () => fleet.get('directory', `fs/dir/${path}`);
    try {
      await test(path, () =>
        vi.waitFor(() => {
          const noun = find();
          const isLive = fleet.sources()[0]?.phase === 'live';
          if (!noun || !isLive) throw new Error(`${path} is not watched`);
          return noun;
        }, SOON),
      );
    } finally {
      for (const each of (await hands.names(PARENT)) ?? [])
        if (each.startsWith(name)) await hands.remove(`${PARENT}/${each}`);
    }
  }

  const prepare = (verb: string, noun: Directory, input: Input = {}) =>
    gateway.prepare(verbNamed(verb)!, noun, input, AbortSignal.timeout(60_000));
  const carryOut = (proposal: Proposal): Promise<Action> =>
    gateway.carryOut(proposal, { yes: true, name: proposal.plan.phrase ?? proposal.noun.name, anyway: true }, NEVER);
  const act = async (verb: string, noun: Directory, input: Input = {}) => carryOut(await prepare(verb, noun, input));
  const seen = (path: string) => fleet.get('directory', `fs/dir/${path}`);

  describe('a quota', { timeout: LONG_MS }, () => {
    it('is set, raised and removed, to the byte, and each is taken back', () =>
      within(async (path, noun) => {
        const quota = () => seen(path)?.quotaBytes;
        expect(await act('quota', await noun(), { bytes: '8Mi' })).toMatchObject({ outcome: 'done' });
        await expect.poll(quota, SOON).toBe(8 * 2 ** 20);
        expect(await act('quota', await noun(), { bytes: '+1000001', files: '5000' })).toMatchObject({
          outcome: 'done',
        });
        await expect.poll(() => [quota(), seen(path)?.quotaFiles], SOON).toEqual([8 * 2 ** 20 + 1_000_001, 5_000]);
        const back = await gateway.prepareUndo(gateway.lastUndoable()!, NEVER);
        expect(await carryOut(back)).toMatchObject({ outcome: 'done' });
        await expect.poll(() => [quota(), seen(path)?.quotaFiles], SOON).toEqual([8 * 2 ** 20, null]);
        const removing = await prepare('quota', await noun(), { bytes: 'none' });
        expect(removing.plan.changes).toEqual([{ what: 'quota', from: '8.0M', to: 'none' }]);
        expect(await carryOut(removing)).toMatchObject({ outcome: 'done' });
        await expect.poll(quota, SOON).toBeNull();
      }));

    it('holds: what is beyond it is refused, and taken when it is raised', () =>
      within(async (path, noun) => {
        expect(await hands.write(path, 300_000)).toBe(true);
        await expect.poll(async () => (await noun()).usedBytes, SOON).toBeGreaterThanOrEqual(300_000);
        const low = await prepare('quota', await noun(), { bytes: '256Ki' });
        expect(low.plan).toMatchObject({ risk: 'disruptive', notes: [expect.stringMatching(/EDQUOT/)] });
        expect(await carryOut(low)).toMatchObject({ outcome: 'done' });
        expect(await hands.write(path, 20_000_000)).toBe(false);
        expect(await act('quota', await noun(), { bytes: '64Mi' })).toMatchObject({ outcome: 'done' });
        expect(await hands.write(path, 1_000_000)).toBe(true);
      }));

    it('that somebody else has changed is not overwritten, nor taken back', () =>
      within(async (path, noun) => {
        const proposal = await prepare('quota', await noun(), { bytes: '8Mi' });
        await hands.quota(path, 5_000_000);
        const late = await carryOut(proposal);
        expect([late.outcome, late.words]).toEqual([
          'refused',
          expect.stringMatching(/was changed meanwhile: none → /),
        ]);
        expect(await act('quota', await noun(), { bytes: '8Mi' })).toMatchObject({ outcome: 'done' });
        const deed = gateway.lastUndoable()!;
        await hands.quota(path, 6_000_000);
        await expect(gateway.prepareUndo(deed, NEVER)).rejects.toThrow('has moved on since');
      }));

    it('goes to the directory that was seen, and to no other that has its name by then', () =>
      within(async (path, noun) => {
        const proposal = await prepare('quota', await noun(), { bytes: '8Mi' });
        await hands.rename(path, `${path}_away`);
        await hands.directory(path);
        expect(await carryOut(proposal)).toMatchObject({
          outcome: 'refused',
          words: expect.stringMatching(/another (one|directory)/),
        });
      }));
  });

  describe('emptying', { timeout: LONG_MS }, () => {
    it('takes names of every kind, links and deep trees, and leaves the directory with its quota', () =>
      within(async (path, noun) => {
        await hands.quota(path, 64 * 2 ** 20);
        for (const name of STRANGE) {
          await hands.directory(`${path}/${name}`);
          for (const inner of STRANGE) await hands.file(`${path}/${name}/${inner}`, 10);
        }
        await hands.unreadableName(path);
        const deep = Array.from({ length: 60 }, (_, depth) => `d${depth}`);
        for (let depth = 1; depth <= deep.length; depth++)
          await hands.directory(`${path}/${deep.slice(0, depth).join('/')}`);
        await hands.file(`${path}/${deep.join('/')}/bottom`, 100);

        const beside = `${path}_beside`;
        await hands.directory(beside);
        await hands.file(`${beside}/kept`, 1_000);
        await hands.hardLink(`${path}/further`, `${beside}/kept`);
        await hands.link(`${path}/out`, hands.outside);
        await hands.link(`${path}/aside`, `${bed.mount}/${beside}`);
        await hands.link(`${path}/up`, '..');

        const proposal = await prepare('empty', await noun());
        expect(proposal.needs.confirm).toBe('name');
        expect(proposal.plan.notes).toContain('there is no way back');
        const { outcome, words } = await carryOut(proposal);
        expect({ outcome, words }).toEqual({ outcome: 'done', words: expect.stringMatching(/^\d+ deleted in \d+ s$/) });
        expect(await hands.names(path)).toEqual([]);
        expect(await hands.names(beside)).toEqual(['kept']);
        expect(await hands.isOutsideIntact()).toBe(true);
        await expect
          .poll(() => [seen(path)?.usedBytes, seen(path)?.files, seen(path)?.quotaBytes], SOON)
          .toEqual([0, 0, 64 * 2 ** 20]);
        await expect(prepare('empty', await noun())).rejects.toThrow('it is empty');
        expect(gateway.journal.deeds().at(-1)).toMatchObject({
          intent: { verb: 'empty', risk: 'destructive', inverse: null },
          ending: { outcome: 'done', checked: false },
        });
      }));

    it.each(['a directory', 'a link'] as const)('touches neither when %s has its name by then', kind =>
      within(async (path, noun) => {
        const [away, other] = [`${path}_away`, `${path}_other`];
        await hands.file(`${path}/first`, 10);
        await hands.directory(other);
        await hands.file(`${other}/second`, 10);
        const proposal = await prepare('empty', await noun());
        await hands.rename(path, away);
        if (kind === 'a link') await hands.link(path, `${bed.mount}/${other}`);
        else await hands.rename(other, path);
        expect(await carryOut(proposal)).toMatchObject({
          outcome: 'refused',
          words: 'another directory has its name now',
        });
        expect([await hands.names(away), await hands.names(kind === 'a link' ? other : path)]).toEqual([
          ['first'],
          ['second'],
        ]);
      }),
    );

    it('touches nothing when a link leads out of the mount by then', () =>
      within(async (path, noun) => {
        await hands.file(`${path}/first`, 10);
        const proposal = await prepare('empty', await noun());
        await hands.rename(path, `${path}_away`);
        await hands.link(path, hands.outside);
        expect(await carryOut(proposal)).toMatchObject({
          outcome: 'refused',
          words: 'its path leads out of the mount now',
        });
        expect(await hands.isOutsideIntact()).toBe(true);
        await expect(prepare('empty', proposal.noun as Directory)).rejects.toThrow('it is a link');
      }));

    it('is refused when the directory is gone by then', () =>
      within(async (path, noun) => {
        await hands.file(`${path}/first`, 10);
        const proposal = await prepare('empty', await noun());
        await hands.rename(path, `${path}_away`);
        expect(await carryOut(proposal)).toMatchObject({
          outcome: 'refused',
          words: 'it is gone, or cannot be entered',
        });
        expect(await hands.names(`${path}_away`)).toEqual(['first']);
      }));
  });

  describe('when the metadata server is gone', { timeout: LONG_MS }, () => {
    it('neither hangs; nobody knows, and afterwards the system tells', () =>
      within(async (path, noun) => {
        await hands.file(`${path}/first`, 10);
        const target = await noun();
        const [emptying, limiting] = [await prepare('empty', target), await prepare('quota', target, { bytes: '8Mi' })];
        await hands.mdsGone();
        try {
          const limited = await carryOut(limiting);
          const emptied = await carryOut(emptying);
          expect(emptied).toMatchObject({ outcome: 'unknown', words: expect.stringMatching(/^no answer/) });
          // What it was is looked at right before.
          expect(limited).toMatchObject({ outcome: 'failed', words: expect.stringMatching(/^nothing was written/) });
          await expect(prepare('empty', target)).rejects.toThrow(/answer/);
        } finally {
          await hands.heal();
        }
        await vi.waitFor(() => expect(fleet.sources()[0]?.phase).toBe('live'), SOON);
        const names = async () => (await hands.names(path))?.length;
        await expect.poll(names, SOON).toBeTypeOf('number');
        const [deed, ...more] = gateway.journal.unknown(0);
        expect([deed?.intent.verb, more]).toEqual(['empty', []]);
        // A request that the mount had in hand may be carried out when there is somebody again.
        const isDone = (await names()) === 0;
        const means = { journal: gateway.journal, fleet, signal: AbortSignal.timeout(20_000) };
        expect((await followUp(deed!, means))?.ending?.outcome).toBe(isDone ? 'done' : undefined);
        expect((await noun()).quotaBytes).toBeNull();
      }));
  });
}
