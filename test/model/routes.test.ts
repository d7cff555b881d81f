import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRule, routesFromLabels } from '../../src/model/routes.ts';

const origin = { source: 'swarm', workload: 'swarm/service/user-service', observedAt: 1 };

describe('routes from labels', () => {
  test('a router with its rule, middlewares and port', () => {
    const labels = {
      'traefik.enable': 'true',
      'traefik.http.routers.user.rule': 'Host(`api.example.org`) && PathPrefix(`/user`)',
      'traefik.http.routers.user.service': 'user-service',
      'traefik.http.routers.user.middlewares': 'user-strip, limit@file ,',
      'traefik.http.services.user-service.loadbalancer.server.port': '8001',
      'traefik.http.services.other.loadbalancer.server.port': '9',
      'traefik.http.middlewares.user-strip.stripprefix.prefixes': '/user',
      'saasodoo.instance.id': 'x',
    };
    expect(routesFromLabels(labels, origin)).toEqual([
      {
        id: 'swarm/route/user',
        kind: 'route',
        name: 'user',
        source: 'swarm',
        observedAt: 1,
        uid: null,
        version: null,
        createdAt: null,
        labels: {},
        rule: 'Host(`api.example.org`) && PathPrefix(`/user`)',
        hosts: ['api.example.org'],
        paths: ['/user'],
        middlewares: ['user-strip', 'limit@file'],
        port: 8001,
        workload: 'swarm/service/user-service',
      },
    ]);
  });

  test('the only service is the one of a router that names none; of several, none is guessed', () => {
    const rule = { 'traefik.http.routers.r.rule': 'Host(`a`)' };
    const one = { ...rule, 'traefik.http.services.s.loadbalancer.server.port': '80' };
    expect(routesFromLabels(one, origin)[0]?.port).toBe(80);
    const two = { ...one, 'traefik.http.services.t.loadbalancer.server.port': '81' };
    expect(routesFromLabels(two, origin)[0]?.port).toBeNull();
    const named = { ...two, 'traefik.http.routers.r.service': 't@docker' };
    expect(routesFromLabels(named, origin)[0]?.port).toBe(81);
  });

  test('label names in any case, several routers, a port that is none', () => {
    const routes = routesFromLabels(
      {
        'traefik.HTTP.Routers.Web.Rule': 'Host(`a`)',
        'traefik.http.routers.tls.rule': 'Host(`b`)',
        'traefik.http.services.web.loadBalancer.server.port': 'eighty',
      },
      origin,
    );
    expect(routes.map(({ name, hosts, port }) => [name, hosts, port])).toEqual([
      ['Web', ['a'], null],
      ['tls', ['b'], null],
    ]);
  });

  test('nothing from a workload that is switched off, without a rule, or not of HTTP', () => {
    const rule = { 'traefik.http.routers.r.rule': 'Host(`a`)' };
    expect(routesFromLabels({ ...rule, 'traefik.enable': 'false' }, origin)).toEqual([]);
    expect(routesFromLabels({ 'traefik.http.routers.r.entrypoints': 'web' }, origin)).toEqual([]);
    expect(routesFromLabels({ 'traefik.tcp.routers.r.rule': 'HostSNI(`a`)' }, origin)).toEqual([]);
  });

  test('what cannot be shown is made printable', () => {
    const [route] = routesFromLabels({ 'traefik.http.routers.r.rule': 'Host(`a\u001b[31m`)' }, origin);
    expect(route).toMatchObject({ rule: 'Host(`a␛[31m`)', hosts: ['a␛[31m'] });
  });
});

describe('rules', () => {
  test.each([
    ['Host(`a.example`) && PathPrefix(`/x`)', ['a.example'], ['/x']],
    ['Host( "a" )||Host(`b`)', ['a', 'b'], []],
    ['Host(`a`,`b` , "c")', ['a', 'b', 'c'], []],
    ['(Host(`a`) || Host(`b`)) && (PathPrefix(`/x`) || Path(`/y`))', ['a', 'b'], ['/x', '/y']],
    ['Host(`a`) && Host(`a`)', ['a'], []],
    ['Host(`a`) && !PathPrefix(`/private`)', ['a'], []],
    ['Host(`a`) && !(Host(`b`) || !Path(`/y`))', ['a'], ['/y']],
    ['!Host(`a`) && Path(`/y`)', [], ['/y']],
    ['HostRegexp(`^.+\\.example$`) && PathPrefix(`/`)', [], ['/']],
    ['PathPrefix(`/a)b`) && Host(`h`)', ['h'], ['/a)b']],
    ['Host("a\\"b")', ['a"b'], []],
    ['Header(`X-Host`, `Host(x)`) && Host(`real`)', ['real'], []],
    ['host(`a`) && pathprefix(`/x`)', ['a'], ['/x']],
    ['Method(`GET`) && Host(`a`)', ['a'], []],
    ['Host(`unclosed', [], []],
    ['', [], []],
  ])('%s', (rule, hosts, paths) => {
    expect(readRule(rule)).toEqual({ hosts, paths });
  });

  test('whatever stands there, it is read, quickly', () => {
    const pieces = fc.constantFrom('Host(', '`a`', '"b"', '!', '(', ')', '&&', '||', 'Path', ',', ' ', '`', '"', '\\');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 200 }).map(all => all.join('')),
        ),
        rule => {
          expect(readRule(rule).hosts).toBeInstanceOf(Array);
        },
      ),
    );
    expect(readRule(`Host(${'`a`,'.repeat(20_000)}`).hosts).toEqual([]);
  });
});
