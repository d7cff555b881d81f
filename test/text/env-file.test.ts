import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseEnvFile } from '../../src/text/env-file.ts';

const PLAIN = [
  '# a comment',
  '',
  'A=1',
  'export B=two',
  "C='single $A `x` # no comment'",
  `D="double $A \${A} \\$A \\"q\\" \\\\ # no comment"`,
  'E=half"and half"\'s\'',
  'F=',
  'G=a#b   # a comment',
  'H=http://user@host:80/path?',
  `I=$A-\${B}`,
  'J=back\\ slash',
  'K="$NOT_SET"',
  'L=a=b=c',
].map(line => line.replace('path?', 'path'));

it('reads plain lines as a shell does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  const file = join(folder, 'env');
  writeFileSync(file, `${PLAIN.join('\n')}\n`);
  const { values, odd } = parseEnvFile(PLAIN.join('\n'));
  expect(odd).toEqual([]);
  const names = Object.keys(values);
  const print = names.map(name => `printf '%s\\0' "$${name}"`).join('; ');
  const said = execFileSync('sh', ['-c', `set -a; . "${file}"; ${print}`], { env: {}, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(names.map(name => values[name])).toEqual(said.split('\0').slice(0, -1));
  expect(names).toEqual([...'ABCDEFGHIJKL']);
});

it.each([
  'A=$(cat secret)',
  'A=`date`',
  'A=a b',
  'A="open',
  "A='open",
  'A=a;b',
  'A=*',
  `A=\${B:-x}`,
  `A="\${B:-x}"`,
  'A+=b',
  'A=(1 2)',
  'source other',
  'if true; then',
  'A=~/x',
])('does not guess what %s means', line => {
  expect(parseEnvFile(`X=1\n${line}\n`)).toEqual({ values: { X: '1' }, odd: [{ line: 2, why: expect.any(String) }] });
});

it('tells nothing of a value that it does not understand', () => {
  expect(JSON.stringify(parseEnvFile('PASSWORD=hunter2 extra'))).not.toContain('hunter2');
});
