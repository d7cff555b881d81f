import { expect, test } from 'vitest';
import { orAbort } from '../../src/sources/pulse.ts';

test('orAbort: what comes first', async () => {
  const controller = new AbortController();
  await expect(orAbort(Promise.resolve(1), controller.signal)).resolves.toBe(1);
  await expect(orAbort(Promise.reject(new Error('no')), controller.signal)).rejects.toThrow('no');
  const waiting = orAbort(new Promise(() => {}), controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('orAbort: of a call that fails although it was aborted before, nothing is left unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const late = Promise.reject(new Error('late'));
  await expect(orAbort(late, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await new Promise(resolve => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
