import type { Labels, Seen } from './entity.ts';
import { printable } from './printable.ts';

export interface RouteOrigin {
  /** The source's name. */
  source: string;
  /** Id of the workload that carries the labels. */
  workload: string | null;
  observedAt: number;
}

/**
 * The HTTP routers that Traefik reads from a workload's labels (`traefik.http.routers.NAME.…`), those without a rule of
 * their own left out. The names of labels are read without regard to case, as Traefik does.
 */
export function routesFromLabels(labels: Labels, { source, workload, observedAt }: RouteOrigin): Seen<'route'>[] {
  const { routers, ports, enabled } = readLabels(labels);
  if (!enabled) return [];
  const routes: Seen<'route'>[] = [];
  for (const [name, { rule, service, middlewares }] of routers) {
    if (!rule) continue;
    // A router names no service when the workload has only one.
    const port = service ? ports.get(plain(service)) : ports.size === 1 ? [...ports.values()][0] : undefined;
    routes.push({
      id: `${source}/route/${printable(name)}`,
      kind: 'route',
      name: printable(name),
      source,
      observedAt,
      uid: null,
      version: null,
      createdAt: null,
      labels: {},
      rule: printable(rule),
      ...readRule(rule),
      middlewares: (middlewares ?? '')
        .split(',')
        .map(middleware => printable(middleware.trim()))
        .filter(middleware => middleware !== ''),
      port: port ?? null,
      workload,
    });
  }
  return routes;
}

/**
 * The hosts and the paths (whole ones and prefixes) that a rule names: those of Host(…), Path(…) and PathPrefix(…), in
 * the syntax of Traefik 2 and 3; not those that it excludes with `!`.
 */
export function readRule(rule: string): { hosts: string[]; paths: string[] } {
  const hosts = new Set<string>();
  const paths = new Set<string>();
  // For each open parenthesis: whether what stands in it is excluded.
  const excluded: boolean[] = [];
  let not = false;
  for (const { 0: token, groups } of rule.matchAll(TOKEN)) {
    const within = excluded.at(-1) ?? false;
    if (token === '!') {
      not = !not;
      continue;
    }
    if (token === '(') excluded.push(within !== not);
    if (token === ')') excluded.pop();
    if (groups?.matcher && within === not) {
      const into = /^Host$/i.test(groups.matcher) ? hosts : /^Path(Prefix)?$/i.test(groups.matcher) ? paths : null;
      for (const value of quoted(groups.values ?? '')) into?.add(printable(value));
    }
    not = false;
  }
  return { hosts: [...hosts], paths: [...paths] };
}

const STRING = '`[^`]*`|"(?:[^"\\\\]|\\\\.)*"';
/** A matcher with its strings; what else steers; a string that stands where none belongs; anything else. */
const TOKEN = new RegExp(
  `(?<matcher>[A-Za-z]+)\\s*\\(\\s*(?<values>(?:(?:${STRING})\\s*,?\\s*)+)\\)|[!()]|${STRING}|[^\\s!()\`"]`,
  'g',
);

function quoted(values: string): string[] {
  return Array.from(values.matchAll(new RegExp(STRING, 'g')), ([text]) => {
    const inner = text.slice(1, -1);
    return text.startsWith('"') ? inner.replace(/\\(.)/g, '$1') : inner;
  });
}

interface Router {
  rule?: string;
  service?: string;
  middlewares?: string;
}

const ROUTER = /^traefik\.http\.routers\.([^.]+)\.(rule|service|middlewares)$/i;
const PORT = /^traefik\.http\.services\.([^.]+)\.loadbalancer\.server\.port$/i;

function readLabels(labels: Labels) {
  const routers = new Map<string, Router>();
  const ports = new Map<string, number>();
  let enabled = true;
  for (const [label, value] of Object.entries(labels)) {
    const [, router, field] = ROUTER.exec(label) ?? [];
    if (router && field) {
      const known = routers.get(router) ?? {};
      known[field.toLowerCase() as keyof Router] = value;
      routers.set(router, known);
    }
    const [, service] = PORT.exec(label) ?? [];
    if (service && /^\d{1,5}$/.test(value.trim())) ports.set(service, Number(value));
    if (/^traefik\.enable$/i.test(label)) enabled = !/^\s*false\s*$/i.test(value);
  }
  return { routers, ports, enabled };
}

/** `api@docker` and `api` are one service here: both come from these labels. */
function plain(service: string): string {
  return service.trim().replace(/@\w+$/, '');
}
