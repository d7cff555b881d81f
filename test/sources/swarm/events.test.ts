import { describe, expect, test } from 'vitest';
import { eventQuery, meaningOf, momentOf } from '../../../src/sources/swarm/events.ts';

const NOW = 1_795_456_500_000;
const at = { time: 1_795_456_413, timeNano: 1_795_456_413_506_631_000 };

const service = (Action: string, attributes: Record<string, string> = {}) =>
  meaningOf(
    {
      Type: 'service',
      Action,
      Actor: { ID: 'abc', Attributes: { name: 'web', ...attributes } },
      scope: 'swarm',
      ...at,
    },
    'swarm',
    NOW,
  );

/** Of a container of task web.1, as the engine names it. */
const container = (Action: string, attributes: Record<string, string> = {}) =>
  meaningOf(
    {
      Type: 'container',
      Action,
      Actor: {
        ID: 'c317rbxzbbjrz6ryk8wjephr4',
        Attributes: {
          'com.docker.swarm.service.id': 'w2k7',
          'com.docker.swarm.service.name': 'web',
          'com.docker.swarm.task.id': 'c317rbxzbbjrz6ryk8wjephr4',
          name: 'web.1.c317rbxzbbjrz6ryk8wjephr4',
          image: 'lab/busybox:1',
          ...attributes,
        },
      },
      scope: 'local',
      ...at,
    },
    'swarm',
    NOW,
  );

describe('services', () => {
  test.each([
    ['create', {}, 'info', 'create', 'created'],
    ['remove', {}, 'info', 'remove', 'removed'],
    ['update', { 'replicas.old': '2', 'replicas.new': '3' }, 'info', 'scale', 'replicas 2 → 3'],
    ['update', { 'updatestate.new': 'updating' }, 'info', 'update', 'update updating'],
    ['update', { 'updatestate.old': 'updating', 'updatestate.new': 'completed' }, 'info', 'update', 'update completed'],
    ['update', { 'updatestate.new': 'paused' }, 'warn', 'update', 'update paused'],
    ['update', { 'updatestate.new': 'rollback_started' }, 'warn', 'update', 'update rollback started'],
    ['update', {}, 'info', 'update', 'specification changed'],
  ])('%s %j', (action, attributes, severity, reason, message) => {
    const { happening, ask } = service(action, attributes);
    expect(happening).toMatchObject({
      at: 1_795_456_413_506,
      source: 'swarm',
      about: 'swarm/service/web',
      subject: 'service/web',
      severity,
      reason,
      message,
    });
    expect(ask).toEqual(['services', 'restless']);
  });

  test('the same deed again has the same key, another one has another', () => {
    const key = (...of: Parameters<typeof service>) => service(...of).happening?.key;
    expect(key('update')).toBe(key('update'));
    expect(key('update', { 'replicas.new': '3' })).not.toBe(key('update', { 'replicas.new': '4' }));
  });
});

describe('nodes', () => {
  const node = (Action: string, attributes: Record<string, string> = {}) =>
    meaningOf(
      { Type: 'node', Action, Actor: { ID: 'n', Attributes: { name: 'w1', ...attributes } }, ...at },
      'swarm',
      NOW,
    );

  test('what was done to them is told; their state is told by the list, which knows why', () => {
    expect(node('update', { 'availability.old': 'active', 'availability.new': 'drain' }).happening).toMatchObject({
      about: 'swarm/node/w1',
      message: 'availability active → drain',
    });
    expect(node('update', { 'role.old': 'worker', 'role.new': 'manager' }).happening?.message).toBe(
      'role worker → manager',
    );
    expect(node('create').happening?.message).toBe('joined');
    expect(node('remove').happening?.message).toBe('removed');
    expect(node('update', { 'state.old': 'ready', 'state.new': 'down' })).toMatchObject({
      happening: null,
      ask: ['nodes'],
    });
    expect(node('update')).toMatchObject({ happening: null, ask: ['nodes'] });
  });
});

describe('containers', () => {
  test('out of memory is told nowhere else', () => {
    expect(container('oom').happening).toMatchObject({
      severity: 'bad',
      about: 'swarm/service/web',
      subject: 'service/web',
      reason: 'oom',
      message: 'web.1: out of memory',
    });
    const other = { name: 'web.1.zzzzrbxzbbjrz6ryk8wjephr4' };
    expect(container('oom').happening?.key).toBe(container('oom', other).happening?.key);
  });

  test('health', () => {
    expect(container('health_status: unhealthy').happening).toMatchObject({ severity: 'warn', reason: 'unhealthy' });
    expect(container('health_status: healthy').happening).toMatchObject({ severity: 'info', reason: 'healthy' });
  });

  test('the end of a task is told from the tasks; of any other container only when it failed', () => {
    expect(container('die', { exitCode: '1' })).toEqual({ happening: null, ask: ['restless'], moved: 'w2k7' });
    const unnamed = container('die', { 'com.docker.swarm.service.id': '' });
    expect(unnamed).toEqual({ happening: null, ask: ['tasks'], moved: null });
    const own = (exitCode: string) =>
      meaningOf(
        { Type: 'container', Action: 'die', Actor: { ID: 'x', Attributes: { name: 'cron', exitCode } } },
        's',
        NOW,
      );
    expect(own('0').happening).toBeNull();
    expect(own('2').happening).toMatchObject({ at: NOW, about: null, subject: 'container/cron', severity: 'warn' });
  });

  test.each(['create', 'start', 'exec_create: sh', 'exec_die', 'destroy'])('%s is nothing', action => {
    expect(container(action)).toMatchObject({ happening: null, ask: [] });
  });
});

test('networks are read again; what else there is, is nothing', () => {
  expect(meaningOf({ Type: 'network', Action: 'create' }, 's', NOW)).toMatchObject({
    happening: null,
    ask: ['networks'],
  });
  expect(meaningOf({ Type: 'image', Action: 'pull' }, 's', NOW).ask).toEqual([]);
  expect(meaningOf({}, 's', NOW).ask).toEqual([]);
});

test('what could drive the terminal is shown', () => {
  const { happening } = service('update', { name: 'web\u001b[2J', 'replicas.new': '\u202e3' });
  expect(happening).toMatchObject({ subject: 'service/web␛[2J', message: 'replicas \\u202e3' });
});

test('the engine filters, so that the flood of health checks never travels', () => {
  const { filters, since } = eventQuery('1795456413.506631');
  const { type, event } = JSON.parse(String(filters)) as { type: string[]; event: string[] };
  expect(type).toEqual(['service', 'node', 'network', 'container']);
  expect(event).toContain('health_status');
  expect(event.filter(name => name.startsWith('exec'))).toEqual([]);
  expect(since).toBe('1795456413.506631');
  expect(eventQuery(null)).not.toHaveProperty('since');
  expect([momentOf(at), momentOf({ time: 5 }), momentOf({})]).toEqual(['1795456413.506631', '5', null]);
});
