import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * The real systems of the tests. Each part is a folder here: `can.sh` says whether this machine can run it, `up.sh` and
 * `down.sh` bring it up and down, as often as they are called, and `up.sh` leaves the variables that tests need in
 * `$BED/PART/env`.
 */
export const PARTS: readonly string[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'up.sh')))
  .map(({ name }) => name)
  .sort();

export const BED = process.env.BED ?? join(tmpdir(), 'quarterdeck-bed');

export type Standing =
  | { part: string; state: 'up'; seconds: number; env: Record<string, string> }
  /** This machine cannot run it. */
  | { part: string; state: 'cannot'; why: string }
  | { part: string; state: 'failed'; why: string };

/** Brings a part up. Never rejects; what its scripts say goes to standard error as it comes. */
export async function up(part: string): Promise<Standing> {
  const can = await script(part, 'can.sh', true);
  if (can.exitCode !== 0) return { part, state: 'cannot', why: String(can.stdout).trim() || 'it does not say why' };
  const begun = performance.now();
  const came = await script(part, 'up.sh');
  if (came.exitCode !== 0) return { part, state: 'failed', why: `up.sh ended with ${came.exitCode}` };
  const seconds = Math.round((performance.now() - begun) / 1000);
  return { part, state: 'up', seconds, env: await environment(part) };
}

/** Takes a part down, also one that never came up whole. True when it went well. */
export async function down(part: string): Promise<boolean> {
  return (await script(part, 'down.sh')).exitCode === 0;
}

/** The variables of a part that is up; none when it is not. */
export async function environment(part: string): Promise<Record<string, string>> {
  const text = await readFile(join(BED, part, 'env'), 'utf8').catch(() => '');
  return Object.fromEntries(text.split('\n').flatMap(line => (/^\w+=/.test(line) ? [split(line)] : [])));
}

function split(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

function script(part: string, name: string, quiet = false) {
  const path = join(import.meta.dirname, part, name);
  // What a script says is for whoever waits; only the sentence of can.sh is an answer.
  const stdout = quiet ? 'pipe' : process.stderr;
  return execa('bash', [path], { env: { BED }, reject: false, stdin: 'ignore', stdout, stderr: 'inherit' });
}

async function main([command, ...named]: string[]): Promise<number> {
  const stranger = named.find(part => !PARTS.includes(part));
  const parts = named.length > 0 ? named : PARTS;
  if (stranger !== undefined || !['up', 'down', 'status'].includes(command ?? '')) {
    console.error(`node test/testbed/bed.ts up|down|status [${PARTS.join('|')}]…`);
    return 64;
  }
  if (command === 'down') return (await Promise.all(parts.map(down))).every(Boolean) ? 0 : 1;
  if (command === 'status') {
    for (const part of parts) console.log(`${part}: ${existsSync(join(BED, part, 'env')) ? 'up' : 'down'}`);
    return 0;
  }
  const standings = await Promise.all(parts.map(up));
  for (const one of standings)
    console.log(`${one.part}: ${one.state === 'up' ? `up in ${one.seconds} s` : `${one.state}: ${one.why}`}`);
  return standings.every(({ state }) => state === 'up') ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
