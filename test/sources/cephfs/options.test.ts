import { describe, expect, it } from 'vitest';
import { CephfsOptions } from '../../../src/sources/cephfs/options.ts';

const base = { kind: 'cephfs', mount: '/mnt/cephfs', directories: [] };
const takes = (change: object) => CephfsOptions.safeParse({ ...base, ...change }).success;
const pattern = '(?<database>.+)_(?<taken>\\d+_\\d+)_(?<part>database|data)';

describe('the options of a CephFS source', () => {
  it.each([
    {},
    { directories: ['odoo_instances/*', '*', 'a b/c', '.hidden', 'a..b'] },
    { reader: { command: ['sudo', '-n'] } },
    { reader: { ssh: 'ops@web-1' } },
    { reader: { pod: { namespace: 'rook-ceph', selector: 'app=tools' } } },
    { reader: { service: 'files', host: 'tcp://web-1:2376' } },
    { ceph: false },
    { ceph: { command: ['ceph', '-n', 'client.ro'] } },
    { backups: { directory: 'odoo_backups/active', pattern } },
    { fileSystem: 'saasodoo_fs', everySeconds: 30 },
  ])('may be %o', change => expect(takes(change)).toBe(true));

  it.each([
    { mount: 'mnt' },
    { directories: ['/abs'] },
    { directories: ['a/../b'] },
    { directories: ['..'] },
    { directories: ['a//b'] },
    { directories: ['a/'] },
    { directories: [''] },
    { directories: ['a/*/b'] },
    { directories: ['a/b*'] },
    { directories: ['a\0b'] },
    { reader: { ssh: '-oProxyCommand=true' } },
    { reader: { ssh: 'a b' } },
    { reader: { command: [] } },
    { reader: { command: ['a'], ssh: 'b' } },
    { reader: { pod: { namespace: 'x' } } },
    { ceph: { command: [] } },
    { backups: { directory: 'x', pattern: '(?<database>.+)' } },
    { backups: { directory: 'x', pattern: `${pattern}(` } },
    { everySeconds: 0 },
    { colour: 'red' },
  ])('may not be %o', change => expect(takes(change)).toBe(false));

  it('have sensible values when left out', () => {
    expect(CephfsOptions.parse({ ...base, ceph: {} })).toMatchObject({ everySeconds: 15, ceph: { command: ['ceph'] } });
  });
});
