import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepProfile, keptProfile } from '../../src/profile/kept.ts';
import { parseProfile } from '../../src/profile/load.ts';

const PROGRAM = 'this program';
const WHOLE = {
  file: '/etc/quarterdeck/prod.yaml',
  text: `
extends: saasodoo
title: prod
variables: { domain: example.org, port: 8443 }
guard: [{ when: status=ok, deny: leave it alone }]
checklists: { daily: { own: { title: Own, probes: [{ query: replica, filter: status=bad }] } } }
team: { host: db-1, password: { env: TEAM } }
thresholds: { quotaWarnPercent: 70 }
keys: { zoom: Z }
`,
};

let folder: string;
let env: { XDG_CACHE_HOME: string };
const kept = () => join(folder, 'quarterdeck', 'profiles');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-kept-'));
  env = { XDG_CACHE_HOME: folder };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep({ text = WHOLE.text, file = WHOLE.file, program = PROGRAM } = {}) {
  const profile = parseProfile(text, file);
  keepProfile({ text, file }, profile, env, program);
  return profile;
}

describe('a profile that was found well', () => {
  it('is the same when it is taken from what is kept', () => {
    const profile = keep();
    expect(keptProfile(WHOLE, env, PROGRAM)).toStrictEqual(profile);
  });

  it('is known wherever its file is, and by no other name', () => {
    const profile = keep();
    expect(keptProfile({ ...WHOLE, file: 'prod.yaml' }, env, PROGRAM)).toStrictEqual(profile);
    expect(keptProfile({ ...WHOLE, file: 'test.yaml' }, env, PROGRAM)).toBeNull();
  });

  it('is checked again when a letter of it has changed', () => {
    keep();
    expect(keptProfile({ ...WHOLE, text: `${WHOLE.text} ` }, env, PROGRAM)).toBeNull();
  });

  it('is checked again by another program, and by one that cannot tell which it is', () => {
    keep();
    expect(keptProfile(WHOLE, env, 'the next version')).toBeNull();
    expect(keptProfile(WHOLE, env, null)).toBeNull();
    expect(keptProfile(WHOLE, env)).toBeNull();
  });

  it('is checked again when what is kept is not whole', () => {
    keep();
    const path = join(kept(), 'prod.yaml.json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 200));
    expect(keptProfile(WHOLE, env, PROGRAM)).toBeNull();
  });

  it('is kept for its owner alone, and leaves nothing beside', () => {
    keep();
    keep();
    expect(readdirSync(kept())).toEqual(['prod.yaml.json']);
    expect(statSync(join(kept(), 'prod.yaml.json')).mode & 0o777).toBe(0o600);
  });

  it('is just checked where nothing can be kept', () => {
    mkdirSync(join(folder, 'quarterdeck'));
    writeFileSync(kept(), 'no folder');
    expect(() => keep()).not.toThrow();
    expect(keptProfile(WHOLE, env, PROGRAM)).toBeNull();
  });
});
