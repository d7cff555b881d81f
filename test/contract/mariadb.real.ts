import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MariadbOptions } from '../../src/sources/mariadb/options.ts';
import { wayToMariadb } from '../../src/sources/mariadb/session.ts';
import { ctl } from './ctl.ts';
import { given } from './given.ts';
import { type MariadbFaults, mariadbContract } from './mariadb.contract.ts';
import { mariadbTruth } from './mariadb-truth.ts';

describe('the real MariaDB', { timeout: 120_000 }, () => {
  const { hostname: host, port, username: user, password } = new URL(readFileSync(given('QD_MARIADB'), 'utf8').trim());
  const login = { host, port: Number(port || 3306), user, password: decodeURIComponent(password) };
  const breakable = process.env.QD_DATABASES_CTL !== undefined;
  if (!breakable)
    console.log(
      'not run: the faults of MariaDB (QD_DATABASES_CTL is not given: they need the test bed, and break no other)',
    );
  mariadbContract(
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-contract-mariadb-'));
      const file = join(folder, 'password');
      writeFileSync(file, login.password, { mode: 0o600 });
      const { password: _, ...server } = login;
      const servers = { 'killbill-db': { ...server, password: { file } } };
      return {
        options: MariadbOptions.parse({ kind: 'mariadb', servers }),
        truth: () => mariadbTruth(login),
        close: async () => rmSync(folder, { recursive: true, force: true }),
        ...(breakable && { faults: faultsOf(login) }),
      };
    },
    { breakable },
  );

  it.each([
    "insert into kaui.kaui_tenants (name) values ('x')",
    'create table kaui.ours (id int)',
    'drop view killbill.v_accounts',
  ])('lets nothing be changed over a session of ours: %s', async statement => {
    vi.stubEnv('QD_CONTRACT_PASSWORD', login.password);
    const way = wayToMariadb({ ...login, password: { env: 'QD_CONTRACT_PASSWORD' } });
    const session = await way.open(AbortSignal.timeout(10_000));
    await expect(session.rows(statement)).rejects.toThrow('Cannot execute statement in a READ ONLY transaction');
    session.close();
    vi.unstubAllEnvs();
  });
});

function faultsOf({ user, password }: { user: string; password: string }): MariadbFaults {
  const bed = ctl('QD_DATABASES_CTL');
  const server = 'killbill-db';
  return {
    down: () => bed('stop', server),
    up: () => bed('start', server),
    frozen: () => bed('freeze', server),
    thawed: () => bed('thaw', server),
    full: () => bed('fill', server),
    eased: () => bed('ease', server),
    locked: () => sql(`alter user ${user}@127.0.0.1 identified by 'another'; kill user ${user}`),
    unlocked: () => sql(`alter user ${user}@127.0.0.1 identified by '${password}'`),
  };

  /** On its stdin: an argument would stand in the list of processes. */
  function sql(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const args = ['sql', server, 'mysql'];
      const env = { ...process.env, BED: given('QD_BED') };
      const child = execFile(given('QD_DATABASES_CTL'), args, { env }, error => (error ? reject(error) : resolve()));
      child.stdin?.end(text);
    });
  }
}
