import type { Input } from '../../model/deed.ts';
import type { DirectoryWrite } from '../../sources/cephfs/client.ts';
import { type DirectoryObject, type Limit, QUOTAS } from '../../sources/cephfs/directory.ts';
import { bytes } from '../../text/format.ts';
import { parseBytes } from '../../text/quantity.ts';
import { commandAt, quotaText } from '../cephfs.ts';
import { type Edit, InputError, NothingToDo, type Subject, Unfit, type Verb } from '../verb.ts';

const LIMITS: readonly Limit[] = ['bytes', 'files'];

/** One limit of a directory, and what it is to be. */
interface Wish {
  limit: Limit;
  from: number | null;
  to: number | null;
  /** What counts against it now. */
  used: number;
}

/** How much a directory of CephFS may hold. */
export const quota: Verb = {
  name: 'quota',
  title: 'Set the quota',
  help: 'Set, raise or remove how many bytes, or files, a directory may hold',
  kinds: ['directory'],
  unfit: () => null,
  fields: () => [
    {
      name: 'bytes',
      label: 'bytes',
      initial: '',
      help: '50Gi, +10Gi, +20%; none removes it; empty leaves it',
      optional: true,
    },
    {
      name: 'files',
      label: 'files',
      initial: '',
      help: '100000, +20%; with directories; none, or empty',
      optional: true,
    },
  ],
  plan(subject, input) {
    const object = subject.object as DirectoryObject;
    const wishes = wishesOf(object, input);
    if (wishes.length === 0) throw new Unfit('nothing is to be changed yet');
    const changed = wishes.filter(({ from, to }) => from !== to);
    if (changed.length === 0) throw new NothingToDo('it is so already');
    const { client, path } = subject;
    return {
      command: changed
        .map(({ limit, to }) =>
          commandAt(subject, ['setfattr', '-n', QUOTAS[limit], '-v', String(to ?? 0), object.path]),
        )
        .join(' && '),
      risk: changed.some(({ from, to }) => to !== null && (from === null || to < from)) ? 'disruptive' : 'safe',
      changes: changed.map(({ limit, from, to }) => ({
        what: limit === 'bytes' ? 'quota' : 'quota of files',
        from: quotaText(limit, from),
        to: quotaText(limit, to),
      })),
      notes: changed.map(noteOf),
      rights: [],
      edits: changed.map(wish => editOf(subject, wish)),
      proofs: changed.map(wish => proofOf(path, wish)),
      async standing(signal) {
        const now = (await client.get(path, signal)) as DirectoryObject;
        const other = changed.find(({ limit, to }) => now.quota[limit] !== to);
        if (other)
          return { state: 'failed', words: `somebody has set it to ${quotaText(other.limit, now.quota[other.limit])}` };
        return { state: 'done', words: changed.map(({ limit, to }) => `${limit}: ${quotaText(limit, to)}`).join(', ') };
      },
      inverse: {
        verb: 'quota',
        input: Object.fromEntries(changed.map(({ limit, from }) => [limit, from === null ? NONE : String(from)])),
      },
    };
  },
};

const NONE = 'none';

function wishesOf(object: DirectoryObject, input: Input): Wish[] {
  return LIMITS.flatMap(limit => {
    const text = (input[limit] ?? '').trim();
    if (text === '') return [];
    const from = object.quota[limit];
    const used = limit === 'bytes' ? object.bytes : object.files + object.directories + 1;
    return [{ limit, from, to: limitNamed(text, limit, from), used }];
  });
}

/** null: none. Throws an InputError. */
function limitNamed(text: string, limit: Limit, from: number | null): number | null {
  if (text === NONE || text === '0') return null;
  const [, sign = '', amount = '', percent] = /^([+-]?)\s*([^%]*?)\s*(%?)$/.exec(text) ?? [];
  if ((sign !== '' || percent) && from === null) throw new InputError(limit, 'it has no quota yet: say how much');
  if (percent && sign === '') throw new InputError(limit, 'more or less by how much: +20%');
  const parse = limit === 'bytes' && !percent ? parseBytes : wholeNumber;
  const value = parse(amount);
  const [example, what] = limit === 'bytes' ? ['50Gi', 'size'] : ['100000', 'number'];
  if (value === null) throw new InputError(limit, `${text} is no ${what}: ${example}, +10%, ${NONE}`);
  const step = limit === 'bytes' ? 2 ** 20 : 1;
  const change = percent ? Math.round(((from ?? 0) * value) / 100 / step) * step : value;
  const to = Math.round(sign === '' ? change : (from ?? 0) + (sign === '+' ? change : -change));
  if (to <= 0) throw new InputError(limit, `nothing would be left; ${NONE} removes it`);
  if (!Number.isSafeInteger(to)) throw new InputError(limit, 'so much is surely not meant');
  if (limit === 'bytes' && to < LEAST_BYTES) throw new InputError(limit, `${to} bytes: surely Mi or Gi is meant`);
  return to;
}

/** Less is a unit that was forgotten. */
const LEAST_BYTES = 4096;

function wholeNumber(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function noteOf({ limit, to, used }: Wish): string {
  const holds = limit === 'bytes' ? bytes(used) : `${used} files and directories`;
  if (to === null) return `it holds ${holds}; nothing limits it any more but the cluster`;
  if (used >= to) return `it holds ${holds} already: each write there is refused (EDQUOT)`;
  return `it holds ${holds}, ${Math.floor((used / to) * 100)} % of that`;
}

function editOf({ path, object, noun }: Subject, { limit, from, to }: Wish): Edit {
  const { ID, device } = object as DirectoryObject;
  return {
    path,
    seen: object,
    isBlind: true,
    moved(fresh) {
      const now = fresh as DirectoryObject;
      if (now.ID !== ID || now.device !== device) return `${noun.name} is another one now`;
      const quota = now.quota[limit];
      return quota === from
        ? null
        : `${noun.name} was changed meanwhile: ${quotaText(limit, from)} → ${quotaText(limit, quota)}`;
    },
    proofs: [proofOf(path, { limit, to })],
    write: () => ({
      method: 'PUT',
      path,
      body: { ID, device, quota: { limit, to: to ?? 0 } } satisfies DirectoryWrite,
    }),
  };
}

function proofOf(path: string, { limit, to }: Pick<Wish, 'limit' | 'to'>) {
  return { path, at: ['quota', limit], is: to };
}
