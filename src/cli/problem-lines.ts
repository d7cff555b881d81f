import type { Noun } from '../model/entity.ts';
import { fit, textWidth, wrap } from '../stage/width.ts';
import { mark } from '../text/look.ts';
import { kindName } from './items.ts';
import { COUNTED } from './kinds.ts';
import type { Style } from './style.ts';

/** More than a screen of them hides what stands under it. */
const MOST = 20;
/** So many of a group are named. */
const NAMED = 3;

/**
 * The problems for people, worst first, each with its reason under it. Where there are more than 20, those of one kind
 * with the same reason are told together, and of what is still too many it is said how to list it.
 */
export function problemLines(problems: readonly Noun[], style: Style): string[] {
  if (problems.length === 0) return [];
  const groups = problems.length > MOST ? grouped(problems) : problems.map((noun): Group => [noun]);
  const shown = groups.slice(0, MOST);
  const width = Math.min(48, Math.max(...shown.map(group => textWidth(titleOf(group)))));
  const lines = shown.flatMap(group => {
    const { health, reason } = group[0];
    const head = `${mark(health, style.ascii)} ${fit(titleOf(group), width)}  ${style.paint('dim', whereOf(group))}`;
    return [style.paint(health, head), ...indented(reason ?? health, style)];
  });
  return [...lines, ...moreLines(groups.slice(MOST).flat(), style), ''];
}

/** A text under what it belongs to, in lines that fit. */
export function indented(text: string, { columns }: Style): string[] {
  const lines = columns === null ? [text] : wrap(text, Math.max(20, columns - 4));
  return lines.map(line => `    ${line}`);
}

type Group = readonly [Noun, ...Noun[]];

function grouped(problems: readonly Noun[]): Group[] {
  const groups = new Map<string, [Noun, ...Noun[]]>();
  for (const noun of problems) {
    const key = JSON.stringify([noun.kind, noun.health, noun.reason]);
    const group = groups.get(key);
    if (group) group.push(noun);
    else groups.set(key, [noun]);
  }
  return [...groups.values()];
}

function titleOf(group: Group): string {
  return group.length === 1 ? group[0].name : `${group.length} ${listingOf(group[0])}`;
}

function whereOf(group: Group): string {
  if (group.length > 1) {
    const names = group.slice(0, NAMED).map(({ name }) => name);
    return group.length > NAMED ? `${names.join(', ')}, …` : names.join(', ');
  }
  const [noun] = group;
  const kind = kindName(noun).toLowerCase();
  return 'namespace' in noun && noun.namespace ? `${kind} in ${noun.namespace}` : kind;
}

/** The command lists what most of them are. */
function moreLines(hidden: readonly Noun[], style: Style): string[] {
  const most = grouped(hidden.map(noun => ({ ...noun, reason: null }))).reduce<readonly Noun[]>(
    (a, b) => (b.length > a.length ? b : a),
    [],
  )[0];
  if (!most) return [];
  const command = `quarterdeck get ${listingOf(most)} --filter 'status=${most.health}'`;
  return [style.paint(most.health, `and ${hidden.length} more (${command})`)];
}

/** What `get` calls them. */
function listingOf({ kind }: Noun): string {
  return COUNTED.find(counted => counted.kind === kind)?.name ?? `${kind}s`;
}
