import { expect, test } from 'vitest';
import { type EventObject, Happenings } from '../../../src/sources/kubernetes/happenings.ts';

const event = (uid: string, fields: Partial<EventObject> = {}): EventObject => ({
  metadata: { uid },
  type: 'Warning',
  reason: 'BackOff',
  message: 'Back-off restarting failed container',
  count: 1,
  lastTimestamp: '2026-11-23T12:00:00Z',
  involvedObject: { kind: 'Pod', name: 'web-1', namespace: 'shop', uid: 'pod-uid' },
  ...fields,
});

test('is keyed by what it is about and why, and counts as Kubernetes does', () => {
  const happenings = new Happenings('prod');
  expect(happenings.read(event('a', { count: 14 }))).toEqual({
    key: 'prod/pod-uid/BackOff',
    at: Date.parse('2026-11-23T12:00:00Z'),
    severity: 'bad',
    source: 'prod',
    about: 'prod/shop/pod/web-1',
    subject: 'pod/web-1',
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    count: 14,
  });
  expect(happenings.read(event('a', { count: 14 }))).toBeNull();
  expect(happenings.read(event('b', { count: 3, message: 'other words' }))?.count).toBe(17);
  expect(happenings.read(event('a', { count: 15 }))?.count).toBe(18);
  happenings.forget(event('a'));
  expect(happenings.read(event('b', { count: 4 }))?.count).toBe(19);
  happenings.keep(new Set());
  expect(happenings.read(event('c'))?.count).toBe(1);
});

test.each([
  ['warn', { type: 'Warning', reason: 'Unhealthy' }],
  ['info', { type: 'Normal', reason: 'Pulled' }],
  ['bad', { type: 'Normal', reason: 'NodeNotReady' }],
  ['bad', { type: 'Warning', reason: 'OOMKilling' }],
])('severity %s', (severity, fields) => {
  expect(new Happenings('prod').read(event('a', fields))?.severity).toBe(severity);
});

test.each([
  ['prod/node/n1', { kind: 'Node', name: 'n1' }],
  ['prod/shop/deployment/web-api', { kind: 'ReplicaSet', name: 'web-api-589d4459b6', namespace: 'shop' }],
  ['prod/shop/claim/data', { kind: 'PersistentVolumeClaim', name: 'data', namespace: 'shop' }],
  ['prod/shop/cronjob/nightly', { kind: 'CronJob', name: 'nightly', namespace: 'shop' }],
  [null, { kind: 'HorizontalPodAutoscaler', name: 'web', namespace: 'shop' }],
  [null, { kind: 'constructor', name: 'x', namespace: 'shop' }],
])('about %s', (about, involvedObject) => {
  expect(new Happenings('prod').read(event('a', { involvedObject }))?.about).toBe(about);
});

test('the newer form of events', () => {
  const series = { count: 5, lastObservedTime: '2026-11-23T12:05:00.000000Z' };
  expect(new Happenings('prod').read(event('a', { lastTimestamp: null, count: undefined, series }))).toMatchObject({
    count: 5,
    at: Date.parse('2026-11-23T12:05:00Z'),
  });
  expect(new Happenings('prod').read(event('a', { lastTimestamp: null, eventTime: '2026-11-23T12:01:00Z' }))?.at).toBe(
    Date.parse('2026-11-23T12:01:00Z'),
  );
});

test('words from programs are masked and cannot drive the terminal', () => {
  const told = new Happenings('prod').read(event('a', { message: '\u001b[2Jlogin failed: password=hunter2' }));
  expect(told?.message).toBe('␛[2Jlogin failed: password=********');
});
