import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each part may import beside itself. Imports point one way; a newcomer reads the house from here. */
const MAY_IMPORT: Record<string, string[]> = {
  'src/model': [],
  'src/text': ['src/sources', 'src/model'],
  'src/keys': [],
  'src/filter': ['src/text', 'src/model'],
  'src/sources': ['src/text', 'src/model'],
  'src/fleet': ['src/filter', 'src/sources', 'src/model'],
  'src/store': ['src/model'],
  'src/checklists': [
    'src/logs',
    'src/trends',
    'src/fleet',
    'src/filter',
    'src/sources',
    'src/store',
    'src/text',
    'src/model',
  ],
  'src/trends': ['src/fleet', 'src/text', 'src/model'],
  'src/team': ['src/store', 'src/sources', 'src/model'],
  'src/profile': ['src/checklists', 'src/filter', 'src/keys', 'src/sources', 'src/team', 'src/text', 'src/model'],
  'src/discovery': ['src/profile', 'src/sources', 'src/text', 'src/model'],
  'src/demo': ['src/profile', 'src/sources', 'src/text', 'src/model'],
  'src/stage': ['src/keys', 'src/model'],
  'src/logs': ['src/fleet', 'src/sources', 'src/model'],
  'src/actions': ['src/fleet', 'src/filter', 'src/sources', 'src/store', 'src/text', 'src/model'],
  'src/screen': [
    'src/actions',
    'src/checklists',
    'src/logs',
    'src/trends',
    'src/fleet',
    'src/filter',
    'src/keys',
    'src/sources',
    'src/stage',
    'src/text',
    'src/model',
  ],
  'src/cli': [
    'src/checklists',
    'src/logs',
    'src/trends',
    'src/actions',
    'src/demo',
    'src/discovery',
    'src/profile',
    'src/store',
    'src/team',
    'src/screen',
    'src/fleet',
    'src/filter',
    'src/keys',
    'src/sources',
    'src/stage',
    'src/text',
    'src/model',
  ],
  hooks: ['src/screen', 'src/fleet', 'src/keys'],
  views: [
    'hooks',
    'src/screen',
    'src/actions',
    'src/checklists',
    'src/logs',
    'src/fleet',
    'src/stage',
    'src/sources',
    'src/text',
    'src/model',
  ],
  bin: ['views', 'hooks', 'src'],
};

const files = globSync(['bin/**/*.{ts,tsx}', 'src/**/*.{ts,tsx}', 'views/**/*.{ts,tsx}', 'hooks/**/*.{ts,tsx}']);
const partOf = (path: string) => Object.keys(MAY_IMPORT).find(part => path.startsWith(`${part}/`));

function importsOf(file: string): string[] {
  const relative = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...relative].map(([, path]) => normalize(join(dirname(file), path!))).filter(path => path !== 'package.json');
}

describe('imports', () => {
  it('point one way', () => {
    const wrong = files.flatMap(file => {
      const part = partOf(file);
      const allowed = [part, ...(part ? MAY_IMPORT[part]! : [])];
      const strays = importsOf(file).filter(path => !allowed.some(folder => path.startsWith(`${folder}/`)));
      return strays.map(path => `${file} imports ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  it('of React stand in hooks, views and bin only', () => {
    const strays = files.filter(
      file => file.startsWith('src/') && /from '(react|ink)'/.test(readFileSync(file, 'utf8')),
    );
    expect(strays).toEqual([]);
  });

  it('of every file of the program belong to a part of the house', () => {
    expect(files.filter(file => !partOf(file))).toEqual([]);
  });
});

describe('the names of one platform', () => {
  it('stand in its profile and in the embedded platform only', () => {
    const strays = files.filter(
      file =>
        !file.startsWith('src/demo/') &&
        file !== 'src/profile/saasodoo.ts' &&
        /odoo/i.test(readFileSync(file, 'utf8').replace(/'saasodoo'|\/saasodoo\.ts|\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
    );
    expect(strays).toEqual([]);
  });
});
