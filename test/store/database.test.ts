import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PROGRAMS = 4;
const FILES = 40;

it('is made by several programs at one moment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-database-'));
  const opener = join(import.meta.dirname, 'opener.ts');
  const programs = Array.from({ length: PROGRAMS }, () => fork(opener, { execArgv: ['--no-warnings'] }));
  const told: unknown[] = [];
  for (let file = 0; file < FILES; file++) {
    const path = join(folder, `${file}.sqlite`);
    await Promise.all(
      programs.map(async child => {
        const answer = once(child, 'message');
        child.send(path);
        told.push((await answer)[0]);
      }),
    );
  }
  for (const child of programs) child.kill();
  rmSync(folder, { recursive: true });
  expect(told).toEqual(Array(PROGRAMS * FILES).fill('made'));
});
