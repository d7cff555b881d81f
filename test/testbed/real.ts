import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { BED, down, PARTS, type Standing, up } from './bed.ts';

/**
 * `npm run test:real [-- PART…]`: brings the bed up, runs the contract tests of each part against it, takes it down, and
 * says what ran and what did not. Fails when a test fails, and when a part that `.ci/required` names did not run whole.
 */
interface Ran {
  part: string;
  seconds: number;
  passed: number;
  failed: number;
  skipped: number;
  code: number;
}

const ROOT = join(import.meta.dirname, '../..');

async function main(named: string[]): Promise<number> {
  const parts = named.length > 0 ? named : [...PARTS];
  const required = await requiredParts();
  const standings: Standing[] = [];
  const ran: Ran[] = [];
  try {
    // Each part is tested as soon as it is there: one that has to be built keeps nobody waiting.
    await Promise.all(
      parts.map(async part => {
        const standing = await up(part);
        standings.push(standing);
        if (standing.state === 'up') ran.push(await test(standing.part, standing.env));
      }),
    );
  } finally {
    if (!process.env.BED_KEEP) await Promise.all(parts.map(down));
  }
  const faults = standings.flatMap(standing => verdict(standing, ran, required));
  console.log('');
  for (const standing of standings.sort((a, b) => a.part.localeCompare(b.part))) console.log(told(standing, ran));
  for (const fault of faults) console.log(`FAILED: ${fault}`);
  return faults.length > 0 ? 1 : 0;
}

async function requiredParts(): Promise<string[]> {
  const text = await readFile(join(ROOT, '.ci/required'), 'utf8');
  return text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
}

async function test(part: string, env: Record<string, string>): Promise<Ran> {
  const report = join(BED, `${part}.report.json`);
  // A run that is ended before it writes its own is not to speak by the one before it.
  await rm(report, { force: true });
  const begun = performance.now();
  const { exitCode = 1, all } = await execa(
    'vitest',
    [
      'run',
      '--config',
      'vitest.real.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: ROOT, env, preferLocal: true, reject: false, all: true, stdin: 'ignore' },
  );
  // Whole, so that the parts do not talk across each other.
  console.log(`\n== ${part}\n${all}`);
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
  } = await readFile(report, 'utf8').then(JSON.parse, () => ({}));
  const seconds = Math.round((performance.now() - begun) / 1000);
  return { part, seconds, passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests, code: exitCode };
}

function verdict(standing: Standing, ran: readonly Ran[], required: readonly string[]): string[] {
  const { part, state } = standing;
  const result = ran.find(one => one.part === part);
  if (state === 'cannot') return required.includes(part) ? [`${part} is required: ${standing.why}`] : [];
  if (state === 'failed') return [`${part} did not come up: ${standing.why}`];
  if (result?.code !== 0) return [`${part}: ${result?.failed ?? 'all'} of its tests failed`];
  if (result.passed === 0) return [`${part}: no test ran`];
  return required.includes(part) && result.skipped > 0 ? [`${part} is required: ${result.skipped} skipped`] : [];
}

function told(standing: Standing, ran: readonly Ran[]): string {
  const { part } = standing;
  if (standing.state !== 'up') return `${part}: not run: ${standing.why}`;
  const result = ran.find(one => one.part === part);
  if (!result) return `${part}: up in ${standing.seconds} s, no tests ran`;
  const { passed, failed, skipped, seconds } = result;
  return `${part}: up in ${standing.seconds} s; ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`;
}

// Ctrl-C ends what runs in the terminal's group; the bed is taken down all the same.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.exitCode = await main(process.argv.slice(2));
