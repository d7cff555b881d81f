import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCephfs } from '../../../src/sources/cephfs/index.ts';
import type { CephfsOptions } from '../../../src/sources/cephfs/options.ts';
import type { Pace } from '../../../src/sources/cephfs/pace.ts';
import type { Source } from '../../../src/sources/source.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { fixturePath } from './fixture.ts';

export const MOUNT = '/mnt/cephfs';
const FAKE = fixturePath('fake-cephfs.mjs');

/** See fixtures/fake-cephfs.mjs. */
export interface FakeState {
  directories: Record<string, Record<string, string | number>>;
  files?: Record<string, { name: string; size: number; time: number }[]>;
  getfattr?: string;
  find?: string;
  only?: string;
  ceph?: Record<string, 'hang' | { file?: string; text?: string; code?: number; stderr?: string }>;
}

export function attributes(inode: number, rbytes: number, more: Record<string, string | number> = {}) {
  return {
    inode,
    'ceph.dir.rbytes': rbytes,
    'ceph.dir.rfiles': 3,
    'ceph.dir.rentries': 5,
    'ceph.dir.rctime': '1795426864.196015300',
    ...more,
  };
}

export const quota = (bytes: number, files = 0) => ({ 'ceph.quota.max_bytes': bytes, 'ceph.quota.max_files': files });

/** A cluster in one of the recorded states. */
export function cluster(state: string): NonNullable<FakeState['ceph']> {
  return {
    status: { file: fixturePath(`${state}/status.json`) },
    'health detail': { file: fixturePath(`${state}/health-detail.json`) },
    'mds stat': { file: fixturePath('healthy/mds-stat.json') },
    'df detail': { text: '\n{"stats":{}}' },
    'osd stat': { text: '\n{}' },
    'fs status': { text: '\n{}' },
  };
}

/** A source that runs the fake commands, and a look at the processes that it starts. */
export class Bed {
  readonly sink = new RecordingSink();
  readonly source: Source;
  readonly #folder = mkdtempSync(join(tmpdir(), 'qd-test-'));
  readonly #log = join(this.#folder, 'log');
  #state: FakeState;

  constructor(state: FakeState, options: Partial<CephfsOptions> = {}, pace: Partial<Pace> = {}) {
    this.#state = state;
    appendFileSync(this.#log, '');
    this.change({});
    const reader = { command: [process.execPath, FAKE, join(this.#folder, 'state')] };
    this.source = createCephfs(
      'fs',
      { kind: 'cephfs', mount: MOUNT, directories: ['odoo/*'], reader, everySeconds: 15, ...options },
      {
        probeEveryMs: 100,
        probeDeadlineMs: 3_000,
        readDeadlineMs: 5_000,
        directoriesEveryMs: 200,
        backupsEveryMs: 200,
        clusterEveryMs: 200,
        ...pace,
      },
    );
    this.source.start(this.sink);
  }

  /** Changes what the commands answer from now on. */
  change(change: Partial<FakeState>): void {
    this.#state = { ...this.#state, ...change };
    const file = join(this.#folder, 'state');
    // At one moment, so that no command reads half of it.
    writeFileSync(`${file}.new`, JSON.stringify({ log: this.#log, mount: MOUNT, ...this.#state }));
    renameSync(`${file}.new`, file);
  }

  /** `PROGRAM ARGUMENTS` of every process so far that begins so. */
  started(prefix = ''): string[] {
    return this.#lines().flatMap(([verb, , command = '']) =>
      verb === 'start' && command.startsWith(prefix) ? [command] : [],
    );
  }

  /** How many of the processes that touch the mount were running at the same time, at most. */
  mostAtOnce(): number {
    const running = new Set<string>();
    let most = 0;
    for (const [verb, pid = '', command = ''] of this.#lines()) {
      if (verb === 'end') running.delete(pid);
      else if (!command.startsWith('ceph')) running.add(pid);
      most = Math.max(most, running.size);
    }
    return most;
  }

  /** Processes that exist now. */
  alive(): number[] {
    const pids = this.#lines().flatMap(([verb, pid]) => (verb === 'start' ? [Number(pid)] : []));
    return pids.filter(exists);
  }

  async stop(): Promise<void> {
    await this.source.stop();
    for (const pid of this.alive()) process.kill(pid, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #lines(): (string | undefined)[][] {
    const lines = readFileSync(this.#log, 'utf8').split('\n').filter(Boolean);
    return lines.map(line => /^(start|end) (\d+) ?(.*)$/.exec(line)?.slice(1) ?? []);
  }
}

function exists(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet runs no more.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}
