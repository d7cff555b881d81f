import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProfile, parseProfile } from '../../src/profile/load.ts';
import { ProfileError } from '../../src/profile/profile-error.ts';

/** The lines of the message, without the file's name in front. */
function faults(text: string): string[] {
  try {
    parseProfile(text, 'prod.yaml');
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    return error.message.split('\n').map(line => line.replace(/^prod\.yaml:/, ''));
  }
  return [];
}

test('a profile, its name from its file', () => {
  const profile = parseProfile(
    `
title: Acme · production
variables: { domain: acme.example, port: 8443 }
sources:
  files:
    kind: cephfs
    mount: /mnt/\${domain}
    directories: [tenants/*]
thresholds: { quotaWarnPercent: 70 }
keys: { zoom: Z }
`,
    'somewhere/acme.yaml',
  );
  expect(profile).toMatchObject({
    name: 'acme',
    title: 'Acme · production',
    sources: { files: { kind: 'cephfs', mount: '/mnt/acme.example', directories: ['tenants/*'], everySeconds: 15 } },
    thresholds: { quotaWarnPercent: 70 },
    keys: { zoom: 'Z' },
  });
});

test('an empty file is a profile without sources', () => {
  expect(parseProfile('', 'prod.yaml')).toMatchObject({ name: 'prod', sources: {} });
  expect(parseProfile('sources:\nthresholds:\n', 'prod.yaml').sources).toEqual({});
});

describe('mistakes are told with line, key and what was meant', () => {
  test('several at once, in the order of the lines', () => {
    expect(
      faults(`nam: x
sources:
  files:
    kind: cephs
  db:
    kind: cephfs
    mont: /mnt/cephfs
    directories: tenants
thresholds:
  quotaWarnPercent: lots
  quotaBadPercent: 120
extends: sasodoo
`),
    ).toEqual([
      '1: nam unknown key; did you mean name?',
      expect.stringMatching(/^4: sources\.files\.kind must be one of .*cephfs.*, not "cephs"; did you mean cephfs\?$/),
      '5: sources.db.mount is missing: a text',
      '7: sources.db.mont unknown key; did you mean mount?',
      '8: sources.db.directories must be a list, not "tenants"',
      '10: thresholds.quotaWarnPercent must be a number, not "lots"',
      '11: thresholds.quotaBadPercent must be at most 100, not 120',
      '12: extends must be saasodoo, not "sasodoo"; did you mean saasodoo?',
    ]);
  });

  test('of several forms, the one that was meant', () => {
    const reader = (text: string) =>
      faults(`sources: { files: { kind: cephfs, mount: /m, directories: [], reader: ${text} } }`);
    expect(reader('{ shh: ceph-1 }')).toEqual(['1: sources.files.reader.shh unknown key; did you mean ssh?']);
    expect(reader('{ ssh: "-oProxyCommand=x" }')).toEqual([
      '1: sources.files.reader.ssh must be a host as ssh takes it',
    ]);
    expect(reader('{ pod: { namespce: x } }')).toEqual([
      '1: sources.files.reader.pod.namespace is missing: a text',
      '1: sources.files.reader.pod.namespce unknown key; did you mean namespace?',
    ]);
    expect(reader('ceph-1')).toEqual([
      '1: sources.files.reader must be a mapping with command or ssh or pod or service or host, not "ceph-1"',
    ]);
  });

  test('a password in the text is refused and not repeated', () => {
    const told = faults(`
sources:
  db:
    kind: postgres
    platform: { host: db, user: ops, password: hunter2 }
`);
    expect(told).toEqual([
      expect.stringMatching(/^5: sources\.db\.platform\.password must be where a secret is found: /),
    ]);
    expect(told.join()).not.toContain('hunter2');
  });

  test('what is not YAML, what is no mapping, what refers to itself', () => {
    expect(faults('a: [1, 2\nb: "x')).toEqual(expect.arrayContaining([expect.stringMatching(/^\d: is not YAML: /)]));
    expect(faults('a: 1\na: 2')).toEqual([expect.stringMatching(/^2: is not YAML: Map keys must be unique/)]);
    expect(faults('- a\n- b')).toEqual([expect.stringMatching(/^1: must be a mapping/)]);
    expect(faults('a: *b')).not.toEqual([]);
  });

  test('a variable that nobody set, once', () => {
    expect(
      faults(`title: "\${domian}"
variables: { domain: x }
sources: { files: { kind: cephfs, mount: "/\${domian}", directories: ["\${nothing}"] } }`),
    ).toEqual([
      '1: title no variable "domian" is set; did you mean domain?',
      '3: sources.files.directories.0 no variable "nothing" is set; set it with "variables: {nothing: …}"',
    ]);
  });

  test('actions and keys', () => {
    expect(faults('keys:\n  zom: Z\n  zoom: too long\n  sort: Y\n')).toEqual([
      '2: keys.zom unknown key; did you mean zoom?',
      expect.stringMatching(/^3: keys\.zoom must be a key: /),
    ]);
    expect(faults('keys:\n  sort: z\n')).toEqual(['2: keys.sort "z" is the key of zoom already']);
    // Two keys may change places.
    expect(faults('keys: { sort: z, zoom: o }')).toEqual([]);
  });

  test('a key that means something everywhere is no key of a list, and the other way round', () => {
    expect(faults('keys: { zoom: q }')).toEqual(['1: keys.zoom "q" is the key of quit already']);
    expect(faults('keys: { quit: z }')).toEqual(['1: keys.quit "z" is the key of zoom already']);
    expect(faults('keys: { zoom: q, quit: Q }')).toEqual([]);
  });

  test('keys that the screen keeps for itself', () => {
    expect(faults('keys:\n  why: Ctrl+c\n  zoom: Ctrl+Z\n  sort: Esc\n')).toEqual([
      '2: keys.why "Ctrl+c" closes what is open and, twice, quits: it can be no other key',
      '3: keys.zoom "Ctrl+Z" suspends the program: it can be no other key',
      '4: keys.sort "Esc" is the key of back, everywhere: it can be no other key',
    ]);
    expect(faults('keys: { back: Esc }')).toEqual([]);
  });

  test('a file that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qd-profile-'));
    expect(() => loadProfile(join(folder, 'none.yaml'))).toThrow(/none\.yaml: there is no such file$/);
    expect(() => loadProfile(folder)).toThrow(/: is a folder$/);
    writeFileSync(join(folder, 'own.yaml'), 'title: Own');
    expect(loadProfile(join(folder, 'own.yaml'))).toMatchObject({ name: 'own', title: 'Own' });
    rmSync(folder, { recursive: true });
  });
});

test('whatever the text is, the answer is a profile or faults with lines', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'sources:',
      '\n',
      '\n  ',
      '\n    ',
      'kind: ',
      'cephfs',
      'extends: saasodoo',
      '- ',
      '{',
      '}',
      '*a',
      '&a ',
      '<<: ',
      'null',
      '12',
      `\${x}`,
      'reader: ',
      'ssh: ',
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 25 }).map(pieces => pieces.join('')),
      text => {
        try {
          expect(parseProfile(text, 'prod.yaml').name).not.toBe('');
        } catch (error) {
          if (!(error instanceof ProfileError)) throw error;
          expect(error.faults.length).toBeGreaterThan(0);
          for (const { line, message } of error.faults) {
            expect(line).toBeGreaterThan(0);
            expect(message).not.toBe('');
          }
        }
      },
    ),
  );
});
