import type { Fleet } from '../fleet/fleet.ts';
import { KINDS, type Noun } from '../model/entity.ts';
import type { Command } from './palette.ts';

const MOST = 50;
/** One letter means nearly everything. */
const LEAST_LETTERS = 2;

/** The nouns whose name holds a text, as commands that go to their rows: the nearest names first, the shorter of equals. */
export function nounsNamed(fleet: Fleet, text: string): Command[] {
  const wanted = text.trim().toLowerCase();
  if (wanted.length < LEAST_LETTERS) return [];
  const found: { noun: Noun; score: number }[] = [];
  for (const kind of KINDS) {
    for (const noun of fleet.all(kind).values()) {
      const at = noun.name.toLowerCase().indexOf(wanted);
      if (at >= 0 && !isHistory(noun)) found.push({ noun, score: nearness(noun.name, wanted, at) });
    }
  }
  return found
    .sort((a, b) => a.score - b.score || a.noun.name.length - b.noun.name.length || compare(a.noun, b.noun))
    .slice(0, MOST)
    .map(({ noun }) => ({ name: noun.name, help: whatItIs(noun), run: { noun } }));
}

/** All of the name, its begin, the begin of a word in it, any part of it. */
function nearness(name: string, wanted: string, at: number): number {
  if (at === 0) return name.length === wanted.length ? 0 : 1;
  return /[a-z\d]/i.test(name[at - 1] ?? '') ? 3 : 2;
}

const compare = (a: Noun, b: Noun) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Ended tasks keep their name from one to the next: only those that stand in the list are meant. */
const isHistory = (noun: Noun) => noun.kind === 'replica' && noun.wanted === 'gone';

function whatItIs(noun: Noun): string {
  const where = 'namespace' in noun && noun.namespace ? ` in ${noun.namespace}` : '';
  const told = noun.health === 'bad' || noun.health === 'warn' ? `: ${noun.reason ?? noun.health}` : '';
  return `${kindOf(noun)}${where}, ${noun.source}${told}`;
}

function kindOf(noun: Noun): string {
  if (noun.kind === 'workload') return noun.system === 'swarm' ? 'service' : noun.type;
  if (noun.kind === 'replica') return noun.system === 'swarm' ? 'task' : 'pod';
  if (noun.kind === 'service') return 'Kubernetes service';
  if (noun.kind === 'claim') return 'volume claim';
  return noun.kind === 'storage' ? 'storage cluster' : noun.kind;
}
