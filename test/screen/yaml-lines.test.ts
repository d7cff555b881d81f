import { expect, it } from 'vitest';
import { MASK } from '../../src/model/secrets.ts';
import { wrapped } from '../../src/screen/document.ts';
import { yamlLines } from '../../src/screen/yaml-lines.ts';

it('keeps the depth of a line that goes on in the next', () => {
  const lines = yamlLines({ spec: { image: `registry.example/${'long/'.repeat(5)}name:1` } });
  expect(wrapped(lines, 40).map(({ text }) => text)).toEqual([
    'spec:',
    '  image:',
    '    registry.example/long/long/long/long',
    '    /long/name:1',
    '',
  ]);
});

it('marks the lines of masked values with where they stand, however they are written', () => {
  const object = {
    env: [{ name: 'A', value: MASK }, `B=${MASK}`],
    'a key: with "signs"': { 7: `one\ntwo ${MASK}\nthree` },
    plain: '********* is no mask? it is one: too much masked is better than too little',
  };
  const found = yamlLines(object).flatMap(({ text, secret }) =>
    secret ? [[text.trim(), secret.path, secret.head]] : [],
  );
  const block = ['a key: with "signs"', '7'];
  expect(found).toEqual([
    [`value: "${MASK}"`, ['env', 0, 'value'], '    value: '],
    [`- B=${MASK}`, ['env', 1], '  - '],
    ['"7": |-', block, '  "7": '],
    ['one', block, '  "7": '],
    [`two ${MASK}`, block, '  "7": '],
    ['three', block, '  "7": '],
    [expect.stringContaining('plain: '), ['plain'], 'plain: '],
  ]);
});
