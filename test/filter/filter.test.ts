import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELD_NAMES } from '../../src/filter/fields.ts';
import { parseFilter } from '../../src/filter/filter.ts';
import { event, NOW, node, replica, workload } from './nouns.ts';

const context = {
  now: () => NOW,
  nameOf: (id: string) => (id === 'prod/node/abc123' ? 'vps-1' : null),
  nodesOf: () => ['worker-1', 'worker-2'],
};
const passes = (filter: string, subject: Parameters<ReturnType<typeof parseFilter>['test']>[0]): boolean => {
  const { test: pass, error } = parseFilter(filter, context);
  expect(error).toBeNull();
  return pass(subject);
};

describe('text', () => {
  test.each([
    ['', true],
    ['ACME', true],
    ['saasodoo', false] /* its namespace: ns= asks for that */,
    ['worker-1', true],
    ['running', true],
    ['globex', false],
    ['acme running', true],
    ['acme pending', false],
    ['!globex', true],
    ['!acme', false],
    ['"acme-x7"', true],
    ['/^odoo-.*2p$/', true], // each text is looked through by itself
    ['/odoo-[a-z]+-/', true],
    ['!/odoo-[a-z]+-/', false],
    ['/no such/ acme', false],
  ])('%s → %s', (filter, expected) => expect(passes(filter, replica())).toBe(expected));

  test('the reason is searched too', () => {
    expect(passes('"image pull"', replica({ reason: 'Image pull failed' }))).toBe(true);
    expect(passes('back-off', event())).toBe(true);
  });

  test('a node is found by its name where the id does not hold it', () => {
    expect(passes('vps-1', replica({ node: 'prod/node/abc123' }))).toBe(true);
    expect(passes('node=vps-1', replica({ node: 'prod/node/abc123' }))).toBe(true);
  });
});

describe('typed', () => {
  test.each([
    ['cpu>200m', true],
    ['cpu>0.25', false],
    ['cpu>=0.25', true],
    ['cpu>20%', true],
    ['cpu>=26%', false],
    ['mem>500Mi', true],
    ['mem>1Gi', false],
    ['mem>10%', false], // no limit: the share is unknown
    ['age<2h', true],
    ['age<30m', false],
    ['age=1h', true],
    ['status=bad|warn', false],
    ['status=ok', true],
    ['status!=ok', false],
    ['health=OK', true],
    ['node=worker-1', true],
    ['node=worker-*', true],
    ['node!=worker-1', false],
    ['ns=saasodoo', true],
    ['namespace=other', false],
    ['restarts>=3', false],
    ['restarts=0', true],
    ['kind=pod', true],
    ['kind=task', false],
    ['kind=Deployment', false],
    ['image~17', true],
    ['ready=yes', true],
    ['ready=false', false],
    ['workload=odoo-acme', true],
    ['used>80%', false], // a pod has no quota
    ['cpu=unknown', false],
    ['cpu>100m mem>100Mi !restarts>0', true],
  ])('%s → %s', (filter, expected) => expect(passes(filter, replica())).toBe(expected));

  test('unknown passes no comparison, and can be asked for', () => {
    const pod = replica({ cpuUsedMillicores: null });
    expect(passes('cpu>0', pod)).toBe(false);
    expect(passes('cpu<99999', pod)).toBe(false);
    expect(passes('cpu=unknown', pod)).toBe(true);
    expect(passes('status=unknown', replica({ health: 'unknown' }))).toBe(true);
  });

  test('labels, with dots and slashes in their keys', () => {
    const pod = replica({ labels: { 'app.kubernetes.io/name': 'web', APP: 'x' } });
    expect(passes('label.app.kubernetes.io/name=web', pod)).toBe(true);
    expect(passes('label.app.kubernetes.io/name=api', pod)).toBe(false);
    expect(passes('label.APP=x', pod)).toBe(true);
    expect(passes('label.none=unknown', pod)).toBe(true);
  });

  test('other nouns', () => {
    expect(passes('kind=deployment', workload())).toBe(true);
    expect(passes('node=worker-2', workload())).toBe(true);
    expect(passes('ready<100%', workload({ wanted: 2 }))).toBe(true);
    expect(passes('cpu>20% role=agent', node())).toBe(true);
    expect(passes('cpu>25%', node())).toBe(false);
    expect(passes('severity=bad count>10 age<5m', event())).toBe(true);
  });
});

describe('what is not finished or wrong', () => {
  test.each([
    ['cpu>', 'cpu> what? 500m, 2 or 80%'],
    ['cpuu>5', 'no field "cpuu"; did you mean cpu?'],
    ['xyzzy=5', 'no field "xyzzy"; for the text itself, "xyzzy=5" in quotes'],
    ['cpu>much', '"much" is no amount of cpu: 500m, 2 or 80%'],
    ['restarts>50%', 'restarts has no whole to be a share of: 3'],
    ['node>w1', 'node is a word: node=… or node~… instead of >'],
    ['/mnt/cephfs', 'an expression ends with /; for the text itself, "/mnt/cephfs" in quotes'],
    ['!', '! inverts what follows: !status=ok'],
  ])('%s: %s', (filter, told) => {
    const { test: pass, error } = parseFilter(filter);
    expect(error).toBe(told);
    expect(pass(replica())).toBe(true);
  });

  test('an invalid expression is told in the words of the engine', () => {
    expect(parseFilter('/a(/').error).toMatch(/invalid regular expression/i);
  });

  test('the finished terms hold', () => {
    expect(parseFilter('globex cpu>').test(replica())).toBe(false);
  });
});

describe('whatever is typed', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      ...FIELD_NAMES,
      'label.a/b',
      '>',
      '>=',
      '!=',
      '=',
      '~',
      '!',
      '/',
      '"',
      ' ',
      '80%',
      '1Gi',
      '500m',
      '|',
      '*',
      '(',
      '[',
    ),
  );
  const typed = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''));

  test('it never throws, and every prefix either holds or says what is wrong', () => {
    fc.assert(
      fc.property(typed, text => {
        for (const subject of [replica(), workload(), node(), event()]) {
          const { test: pass, error } = parseFilter(text, context);
          expect(typeof pass(subject)).toBe('boolean');
          if (error !== null) expect(error).not.toBe('');
        }
      }),
    );
  });

  test('a term and its inverse never agree', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[a-z0-9-]{1,8}$/),
      fc
        .tuple(fc.constantFrom('cpu', 'mem', 'restarts'), fc.constantFrom('>', '<', '='), fc.nat(2000))
        .map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(word, text => {
        expect(parseFilter(`!${text}`, context).test(replica())).toBe(!parseFilter(text, context).test(replica()));
      }),
    );
  });
});
