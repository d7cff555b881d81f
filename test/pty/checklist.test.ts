import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { ChecklistRun } from '../../src/cli/json-checklists.ts';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
const daily = (scenario: string, ...flags: string[]) =>
  execa(
    process.execPath,
    [
      'bin/quarterdeck.js',
      'checklist',
      'daily',
      '--auto',
      '--demo',
      '--demo-scenario',
      scenario,
      '--timeout',
      '90s',
      ...flags,
    ],
    { reject: false, env: { ...home, PATH: process.env.PATH! }, extendEnv: false },
  );

/** One for each item. */
const FOUR = [
  ['services', 'fail', [['database-worker', 'bad', /CrashLoopBackOff/]]],
  ['error-logs', 'warn', [['odoo-globex-', 'warn', /was refused/]]],
  ['disk-space', 'fail', [['odoo_data_cyber_', 'bad', /quota at 97 %/]]],
  ['backups', 'fail', [['tyrell', 'bad', /data file has 0 bytes/]]],
] as const;

describe('the daily checklist without a screen', () => {
  it('passes on a platform that is well', async () => {
    const { stdout, exitCode } = await daily('calm', '--json');
    const run = ChecklistRun.parse(JSON.parse(stdout));
    expect(run.items.map(({ id, verdict, findings }) => [id, verdict, findings])).toEqual(
      FOUR.map(([id]) => [id, 'pass', []]),
    );
    expect([run.verdict, exitCode]).toEqual(['pass', 0]);
  }, 180_000);

  it('finds exactly the four of daily-four', async () => {
    const { stdout, exitCode } = await daily('daily-four', '--json');
    const run = ChecklistRun.parse(JSON.parse(stdout));
    expect(run.items.map(({ id, verdict, findings }) => [id, verdict, findings])).toMatchObject(
      FOUR.map(([id, verdict, findings]) => [
        id,
        verdict,
        findings.map(([target, health, reason]) => ({
          target: expect.stringMatching(new RegExp(`^${target}`)),
          health,
          reason: expect.stringMatching(reason),
        })),
      ]),
    );
    expect(run.items.map(({ findings }) => findings.length)).toEqual([1, 1, 1, 1]);
    expect([run.verdict, run.demo, exitCode]).toEqual(['fail', true, 2]);
  }, 180_000);
});

describe('the daily checklist on the screen', () => {
  let program: PtyProgram;
  afterEach(() => program.close());

  it('finds the four, takes the operator’s word, and reports them', async () => {
    const demo = ['bin/quarterdeck.js', '--demo', '--demo-scenario', 'daily-four', '--as', 'tester', '--clock', 'off'];
    program = new PtyProgram(process.execPath, demo, { rows: 50, env: home });
    await program.shows(/workloads · \d+ pods/);
    await program.shows('c checklist (due)');
    program.type('c');
    await program.shows('never finished');
    program.type('\r');
    for (const [, , [[target, , reason]]] of FOUR)
      await program.shows(new RegExp(`${target}.*${reason.source}`), 60_000);
    await program.lacks('looking …');
    program.type(' ');
    await program.shows('confirmed by tester');
    program.type('oknown since Monday\r');
    await program.shows('overridden by tester: "known since Monday"');
    program.type('sno time\r');
    await program.shows('skipped by tester: "no time"');
    await program.shows('3 of 4 done');
    program.type('m');
    await program.shows(/saved in .*quarterdeck-daily-.*\.md/);
    const [, name = ''] = /(quarterdeck-daily-\S+\.md)/.exec(program.text()) ?? [];
    const report = readFileSync(join(home.HOME!, name), 'utf8');
    for (const [, , [[target, , reason]]] of FOUR)
      expect(report).toMatch(new RegExp(`\\*\\*${target}.*${reason.source}`));
    program.type(' ');
    await program.shows('the checklist is finished');
    program.type('\x1b');
    await program.lacks('Daily checklist');
    program.type('c');
    await program.shows(/Daily checklist +done/);
  }, 180_000);
});
