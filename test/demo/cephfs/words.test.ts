import { describe, expect, it } from 'vitest';
import { ceph } from '../../../src/demo/cephfs/ceph.ts';
import { allWell } from '../../../src/demo/cephfs/daemons.ts';
import { find } from '../../../src/demo/cephfs/find.ts';
import { getfattr } from '../../../src/demo/cephfs/getfattr.ts';
import { Tree } from '../../../src/demo/cephfs/tree.ts';
import type { View } from '../../../src/demo/cephfs/view.ts';
import { RECORDED, recordedStorage, START } from './bed.ts';

const storage = recordedStorage();
const tree = new Tree(storage);
const view: View = {
  storage,
  daemons: allWell(),
  tree,
  seed: 1,
  still: true,
  startedAt: START,
  now: START,
};

const of = (program: string) => RECORDED.filter(({ argv }) => argv[0] === program);
const titled = (program: string) =>
  of(program).map(each => [each.argv.join(' ').replaceAll('\0', '\\0'), each] as const);

describe('getfattr', () => {
  /** Times are their own: only how they are written is compared. */
  const timeless = (text: string) => text.replace(/rctime="\d+\.\d{9}"/g, 'rctime="SECONDS.NANOSECONDS"');

  it.each(titled('getfattr'))('says what the real one said: %s', (_, { argv, code, stdout, stderr }) => {
    const answer = getfattr(argv.slice(1), tree);
    expect({ ...answer, stdout: timeless(answer.stdout) }).toEqual({ code, stdout: timeless(stdout), stderr });
  });
});

describe('find', () => {
  /** Inodes, sizes and times are their own, and the order is that of a hash. */
  const loose = (text: string) =>
    text
      .split('\0')
      .map(entry => entry.replace(/^\d+ (?=\/)/, 'INODE ').replace(/^\d+ \d+\.\d{10} /, 'SIZE TIME '))
      .sort();

  it.each(titled('find').filter(([title]) => !title.includes('%T@') || title.includes('none')))(
    'says what the real one said: %s',
    (_, { argv, code, stdout, stderr }) => {
      const answer = find(argv.slice(1), tree);
      expect({ ...answer, stdout: loose(answer.stdout) }).toEqual({ code, stdout: loose(stdout), stderr });
    },
  );

  it('lists backups as the real one wrote them', () => {
    const recorded = of('find').find(({ argv, code }) => code === 0 && argv.includes('%s %T@ %f\\0'));
    const answer = find(recorded?.argv.slice(1) ?? [], tree);
    const ours = loose(answer.stdout).filter(Boolean);
    expect(ours).toHaveLength(3);
    expect(loose(recorded?.stdout ?? '')).toEqual(
      expect.arrayContaining(['SIZE TIME odoo_initech_20261121_020000_metadata.json']),
    );
    expect(ours).toContain('SIZE TIME odoo_initech_20261121_020000_metadata.json');
    expect(answer.stdout).toContain('40000 1795226404.0000000000 odoo_initech_20261121_020000_database.sql\0');
  });
});

describe('ceph', () => {
  /** Keys and the kinds of their values; of a list its first member, of an idle cluster also what it leaves out. */
  function form(value: unknown): unknown {
    if (Array.isArray(value)) return value.length > 0 ? [form(value[0])] : 'list';
    if (typeof value !== 'object' || value === null) return typeof value;
    const entries = Object.entries(value)
      .filter(([key]) => !/^(read|write)_(bytes|op)_(per_)?sec$|^services$|^standbys$|^flags$/.test(key))
      .map(([key, each]) => [key.replace(/^gid_\d+$/, 'gid_N'), form(each)]);
    return Object.fromEntries(entries);
  }

  it.each(titled('ceph'))('answers in the form of the real one: %s', (_, { argv, code, stdout, stderr }) => {
    const answer = ceph(argv.slice(1), view);
    if (answer === 'hangs' || 'afterSeconds' in answer) throw new Error('no answer');
    expect(form(JSON.parse(answer.stdout))).toEqual(form(JSON.parse(stdout)));
    expect([answer.code, answer.stderr]).toEqual([code, stderr]);
    // The empty line before it, and what stands behind it, differ from question to question.
    expect([answer.stdout[0], answer.stdout.at(-1)]).toEqual([stdout[0], stdout.at(-1)]);
    // Python writes a blank behind a comma.
    expect(answer.stdout.includes('", "')).toBe(stdout.includes('", "'));
  });

  it('refuses what it does not know as the real one does', () => {
    expect(ceph(['osd', 'nonsense', '-f', 'json'], view)).toMatchObject({ code: 22, stdout: '\n' });
  });
});
