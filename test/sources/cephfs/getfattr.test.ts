import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGetfattr, readAttribute } from '../../../src/sources/cephfs/getfattr.ts';
import { ReadError, Silent } from '../../../src/sources/cephfs/read-error.ts';
import type { Run, RunResult } from '../../../src/sources/runner.ts';
import { fixture } from './fixture.ts';

const escaped = (path: string) =>
  path.replace(/[\\\n\r]/g, byte => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
const answering =
  (result: Partial<RunResult>): Run =>
  async () => ({ code: 0, stdout: '', stderr: '', timedOut: false, ...result });
const OPTIONS = { deadlineMs: 1_000 };
const read = (result: Partial<RunResult>, paths = ['/a']) =>
  readAttribute(answering(result), 'ceph.dir.rbytes', paths, OPTIONS);

describe('what getfattr wrote', () => {
  it('is read as Ceph 16 gave it', () => {
    const { values } = parseGetfattr('ceph.dir.rbytes', fixture('healthy/getfattr-ceph.dir.rbytes.txt'), '');
    expect(values.size).toBe(8);
    expect(values.get('/mnt/cephfs/home/anna')).toBe('50000000');
    expect(values.get('/mnt/cephfs/projects/p_bela')).toBe('0');
  });

  it('tells a missing quota from a quota', () => {
    const { values, absent, failures } = parseGetfattr(
      'ceph.quota.max_bytes',
      fixture('healthy/getfattr-ceph.quota.max_bytes.txt'),
      fixture('healthy/getfattr-ceph.quota.max_bytes.err'),
    );
    expect([...values.keys()]).toEqual([
      '/mnt/cephfs/home/anna',
      '/mnt/cephfs/home/bela',
      '/mnt/cephfs/home/csaba',
      '/mnt/cephfs/projects/p_anna',
    ]);
    expect(absent).toContain('/mnt/cephfs/projects/p_bela');
    expect(failures.size).toBe(0);
  });

  it('is understood for every path and every outcome', () => {
    const path = fc.string({ unit: 'grapheme', minLength: 1 }).map(text => `/${text}`);
    const words = fc.constantFrom('Operation not supported', 'Permission denied', 'No such attribute');
    const outcome = fc.oneof(
      fc.record({ path, value: fc.nat().map(String) }),
      fc.record({ path, words }),
      fc.record({ path, gone: fc.constant('No such file or directory') }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(outcome, { selector: each => each.path }), outcomes => {
        const name = 'ceph.dir.rbytes';
        let stdout = '';
        let stderr = '';
        for (const each of outcomes) {
          const shown = escaped(each.path);
          if ('value' in each) stdout += `# file: ${shown}\n${name}="${each.value}"\n\n`;
          else if ('words' in each) stderr += `${shown}: ${name}: ${each.words}\n`;
          else stderr += `getfattr: ${shown}: ${each.gone}\n`;
        }
        const { values, failures, absent } = parseGetfattr(name, stdout, stderr);
        for (const each of outcomes) {
          expect(values.get(each.path)).toBe('value' in each ? each.value : undefined);
          const failure = 'words' in each ? each.words : 'gone' in each ? each.gone : undefined;
          expect(absent.has(each.path)).toBe(failure === 'No such attribute');
          expect(failures.get(each.path)).toBe(failure === 'No such attribute' ? undefined : failure);
        }
      }),
      // A line separator of Unicode is no line break here.
      { examples: [[[{ path: '/\u2028', gone: 'No such file or directory' }]]] },
    );
  });

  it('does no harm when it is garbage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (stdout, stderr) => {
        expect(parseGetfattr('ceph.dir.rbytes', stdout, stderr).values).toBeInstanceOf(Map);
      }),
    );
  });
});

describe('reading an attribute', () => {
  it('asks for one name, many paths at a time', async () => {
    const asked: string[][] = [];
    const run: Run = async argv => {
      asked.push(argv);
      const stdout = argv
        .slice(5)
        .map(path => `# file: ${path}\nceph.dir.rbytes="1"\n\n`)
        .join('');
      return { code: 0, stdout, stderr: '', timedOut: false };
    };
    const paths = Array.from({ length: 1_000 }, (_, index) => `/mnt/cephfs/d${index}`);
    const { values } = await readAttribute(run, 'ceph.dir.rbytes', paths, OPTIONS);
    expect(values.size).toBe(1_000);
    expect(asked).toHaveLength(4);
    expect(asked[0]?.slice(0, 6)).toEqual(['getfattr', '--absolute-names', '-n', 'ceph.dir.rbytes', '--', paths[0]]);
  });

  it('keeps long paths below what one argument of a remote shell may hold', async () => {
    const lengths: number[] = [];
    const run: Run = async argv => {
      lengths.push(argv.join(' ').length);
      const stderr = argv
        .slice(5)
        .map(path => `${path}: ceph.dir.rbytes: No such attribute\n`)
        .join('');
      return { code: 1, stdout: '', stderr, timedOut: false };
    };
    await readAttribute(
      run,
      'ceph.dir.rbytes',
      Array.from({ length: 300 }, (_, i) => `/${i}${'x'.repeat(3_000)}`),
      OPTIONS,
    );
    expect(Math.max(...lengths)).toBeLessThan(100_000);
  });

  it('has an answer when single paths fail', async () => {
    const stdout = '# file: /a\nceph.dir.rbytes="7"\n\n';
    const stderr = 'getfattr: /b: No such file or directory\n/c: ceph.dir.rbytes: Permission denied\n';
    const { values, failures } = await read({ code: 1, stdout, stderr }, ['/a', '/b', '/c']);
    expect([...values]).toEqual([['/a', '7']]);
    expect([...failures]).toEqual([
      ['/b', 'No such file or directory'],
      ['/c', 'Permission denied'],
    ]);
  });

  it('is silent at the deadline', async () => {
    await expect(read({ code: null, timedOut: true })).rejects.toBeInstanceOf(Silent);
  });

  it.each([
    [{ code: 127, stderr: 'sh: 1: getfattr: not found\n' }, 'absent', 'install getfattr there (package attr)'],
    [
      { code: 127, stderr: "env: 'getfattr': failed to run command\n" },
      'absent',
      'install getfattr there (package attr)',
    ],
    [{ code: 1, stderr: 'sudo: a password is required\n' }, 'forbidden', 'let sudo run this without a password'],
    [{ code: null, stderr: '' }, 'failed', null],
  ] as const)('rejects when the command itself fails: %o', async (result, state, fix) => {
    const error = await read(result).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReadError);
    expect(error).toMatchObject({ state, trouble: { on: '/a', fix } });
  });

  it('says what to install when there is no getfattr here', async () => {
    const run: Run = () => Promise.reject(Object.assign(new Error('spawn getfattr ENOENT'), { code: 'ENOENT' }));
    await expect(readAttribute(run, 'ceph.dir.rbytes', ['/a'], OPTIONS)).rejects.toMatchObject({
      state: 'absent',
      trouble: { why: 'command not found', fix: 'install getfattr there (package attr)' },
    });
  });
});
