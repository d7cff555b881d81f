import { describe, expect, test } from 'vitest';
import { assertReading, psqlArguments } from '../../src/sources/reading-argv.ts';

const reads = (argv: string[]) => {
  try {
    assertReading(argv);
    return true;
  } catch {
    return false;
  }
};
const split = (line: string) => line.split(' ');

describe('psql', () => {
  const good = psqlArguments({ user: "o'brien", database: 'instance' }, 'select 1');

  test('is asked for one SELECT in a read-only session', () => {
    expect(reads(good)).toBe(true);
    const connection = good[good.indexOf('-d') + 1];
    expect(connection).toContain("user='o\\'brien'");
    expect(connection).toMatch(/options='-c default_transaction_read_only=on .*'$/);
    expect(good).toEqual(expect.arrayContaining(['-X', '-A', '-t', '-w']));
  });

  test.each([
    'drop table x',
    'select 1; drop table x',
    '\\! rm -rf /',
    "\\copy x from 'y'",
    'insert into x values (1)',
    '',
  ])('never for %j', sql => {
    expect(reads(psqlArguments({ user: 'a', database: 'b' }, sql))).toBe(false);
  });

  test.each([
    ['another statement', (argv: string[]) => [...argv, '-c', 'drop table x']],
    ['a file', (argv: string[]) => [...argv, '-f', '/x']],
    ['a flag in front', ([program = '', ...args]: string[]) => [program, '-o', '/etc/passwd', ...args]],
    ['another connection', (argv: string[]) => argv.map(arg => (arg.startsWith('user=') ? 'dbname=x' : arg))],
    [
      'other options last',
      (argv: string[]) => argv.map(arg => (arg.startsWith('user=') ? `${arg} options='-c x=y'` : arg)),
    ],
  ])('never with %s', (_name, change) => {
    expect(reads(change(good))).toBe(false);
  });

  test('a name cannot end its quotes', () => {
    const argv = psqlArguments(
      { user: "x' options='-c default_transaction_read_only=off", database: '\\' },
      'select 1',
    );
    expect(argv[argv.indexOf('-d') + 1]).toContain("user='x\\' options=\\'-c");
    expect(argv[argv.indexOf('-d') + 1]).toContain("dbname='\\\\'");
  });
});

test.each([
  'getfattr -n ceph.dir.rbytes --only-values /mnt/a',
  'find /mnt/a -maxdepth 1 -type f -printf %f',
  'ceph -f json status',
  'ceph --connect-timeout 5 status --format json',
  'ceph health detail --format=json',
  'ceph -f json osd df tree',
  'ceph -n client.ops -f json fs status saasodoo_fs',
])('reads: %s', line => {
  expect(reads(split(line))).toBe(true);
});

test.each([
  'setfattr -n ceph.quota.max_bytes -v 1 /mnt/a',
  'find /mnt -delete',
  'find /mnt -exec rm {} +',
  'find /mnt -fprintf /etc/x y',
  'find /mnt -okdir rm {} +',
  'ceph status',
  'ceph -f json osd pool delete x x --yes-i-really-really-mean-it',
  'ceph -f json osd out 1',
  'ceph -f json fs fail x',
  'ceph -f json config set mon x y',
  'ceph -f json status ; rm',
  'sh -c true',
  '/tmp/psql',
  'toString',
])('does not read: %s', line => {
  expect(reads(split(line))).toBe(false);
});
