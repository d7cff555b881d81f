import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TroubleError } from '../../src/model/trouble.ts';
import { why } from '../../src/sources/why.ts';
import { freePort } from '../helpers/postgres-server.ts';

test('names of hosts, ports and addresses that do not answer', async () => {
  const port = await freePort();
  const refused = await new Promise(resolve => connect(port, 'localhost').on('error', resolve));
  expect(why(refused)).toBe('connection refused'); // localhost has two addresses: an AggregateError
  const unknown = await lookup('nowhere.invalid').catch(error => error);
  expect(why(unknown)).toMatch(/^host name nowhere\.invalid not found|name server does not answer/);
});

test.each([
  [Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }), 'its TLS certificate has expired'],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ECONNRESET' }) }),
    'connection reset by the other side',
  ],
  [new AggregateError([Object.assign(new Error(''), { code: 'EHOSTUNREACH' })]), 'no route to the host'],
  [new TroubleError({ what: 'a', on: 'b', why: 'because', fix: null }), 'because'],
  [new Error('\u001b[2Jboo'), '␛[2Jboo'],
  [new Error(''), 'it failed without a word'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
])('%o', (error, words) => {
  expect(why(error)).toBe(words);
});

test('anything that was thrown has words', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.record({
          name: fc.anything(),
          code: fc.anything(),
          message: fc.anything(),
          hostname: fc.anything(),
          cause: fc.anything(),
        }),
      ),
      error => {
        expect(why(error)).not.toBe('');
      },
    ),
  );
  expect(why(new DOMException('x', 'TimeoutError'))).toBe('no answer in time');
});
