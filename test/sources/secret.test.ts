import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSecret } from '../../src/sources/secret.ts';
import { SecretRef } from '../../src/sources/secret-ref.ts';

let folder: string;
const node = (program: string) => ({ command: [process.execPath, '-e', program] });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-test-secret-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('is read from the environment, a file or a command', async () => {
  process.env.QD_TEST_SECRET = 's3cret ';
  await writeFile(join(folder, 'secret'), ' in a file \n');
  expect(await readSecret({ env: 'QD_TEST_SECRET' })).toBe('s3cret ');
  expect(await readSecret({ file: join(folder, 'secret') })).toBe(' in a file ');
  expect(await readSecret(node('console.log("from a command")'))).toBe('from a command');
});

test('cannot stand in the profile', () => {
  expect(SecretRef.safeParse('hunter2').success).toBe(false);
  expect(SecretRef.safeParse({ value: 'hunter2' }).success).toBe(false);
  expect(SecretRef.safeParse({ env: 'A', value: 'hunter2' }).success).toBe(false);
});

test.each([
  [{ env: 'QD_TEST_NO_SECRET' }, /environment variable QD_TEST_NO_SECRET: it is not set/],
  [{ file: '/nonexistent/secret' }, /file \/nonexistent\/secret: no such file/],
  [{ command: ['/nonexistent/program', 'hunter2'] }, /command \/nonexistent\/program: no such file/],
  [node('console.log("hunter2"); console.error("hunter2"); process.exit(4)'), /it ended with 4/],
  [node(''), /it is empty/],
])('that cannot be had is told by its place alone: %j', async (ref, words) => {
  const error = await readSecret(ref).then(
    () => null,
    (error: Error) => error,
  );
  expect(error?.message).toMatch(words);
  expect(error?.message).not.toContain('hunter2');
});
