import type { Screen } from '../src/screen/screen.ts';
import { fit, textWidth } from '../src/stage/width.ts';
import { counted } from '../src/text/format.ts';
import { paint, plain } from '../src/text/look.ts';

/** What is being typed, what was last said, or the keys that help here. */
export function footerLine(screen: Screen, width: number): string {
  const { ascii } = screen.options;
  if (screen.input?.into === 'filter')
    return fit(` / ${screen.panes[screen.focus].filter}${paint('cursor', ' ')}  ${filterHelp(screen)}`, width);
  if (screen.input?.into === 'find') {
    return fit(` / ${screen.sought}${paint('cursor', ' ')}  ${screen.message ?? ''}`, width);
  }
  if (screen.input?.into === 'note') {
    return fit(` ${screen.input.ask} ${screen.input.text}${paint('cursor', ' ')}  ${screen.message ?? ''}`, width);
  }
  if (screen.input) return fit(` : ${screen.input.text}${paint('cursor', ' ')}`, width);
  const log = screen.topLog;
  if (log?.input) {
    const { into } = log.input;
    return fit(` ${TYPED[into]} ${log[into]}${paint('cursor', ' ')}  ${log.message ?? ''}`, width);
  }
  if (log?.message) return fit(` ${plain(log.message, ascii)}`, width);
  if (screen.message) return fit(` ${plain(screen.message, ascii)}`, width);
  const underWay = screen.acting.underWay();
  if (underWay) return fit(paint('busy', ` ${plain(underWay, ascii)}`), width);
  return fit(plain(hints(screen, width), ascii), width);
}

/** What stands before what is typed in a log. */
const TYPED = { search: '/', filter: '&', back: 'how far back:' } as const;

function filterHelp(screen: Screen): string {
  const { filterError, shown, all } = screen.list(screen.focus);
  return filterError ? paint('warn', filterError) : paint('dim', `${shown} of ${all}  Enter keeps, Esc drops`);
}

/** On a masked value: the key that shows it, and hides it again. */
function secretHint(screen: Screen): { keys: string[]; label: string }[] {
  const doc = screen.docs.at(-1);
  const secret = doc && screen.docLines(doc)[doc.line]?.secret;
  if (!secret) return [];
  return [{ keys: [screen.options.keys.nameOf('reveal')], label: doc.shown ? 'hide secret' : 'show secret' }];
}

/** How many ports are forwarded, and the key that lists them. */
function forwards({ acting, options }: Screen): { keys: string[]; label: string }[] {
  const { length } = acting.gateway.background;
  return length === 0 ? [] : [{ keys: [options.keys.nameOf('under-way')], label: `${counted(length, 'forward')}` }];
}

/** As the footer writes keys that are long. */
const NAMES: Record<string, string> = { Enter: '↵', Space: 'space' };
/** Parts whose own keys are hints enough. */
const HAS_OWN = new Set<Screen['part']>(['log', 'checklist']);

/** What is due stands before what may not fit. */
const DUE_HINT = 2.2;

/** As many hints as fit, the most useful first; the help at the end has its place in any case. */
function hints(screen: Screen, width: number): string {
  const { part } = screen;
  const { keys } = screen.options.keys;
  const isOfUse = screen.ofUse();
  const due = screen.options.checklists?.due;
  const useful = keys
    .map(key => (key.action === 'checklists' && due ? { ...key, label: `${key.label} (${due})`, hint: DUE_HINT } : key))
    .filter(key => key.hint !== undefined && (key.part === part || (key.part === 'everywhere' && !HAS_OWN.has(part))))
    .filter(({ action }) => action !== 'help' && isOfUse(action))
    // A key may have another meaning in this part.
    .filter(({ keys, action }) => screen.options.keys.action(keys[0]!, part) === action)
    .sort((a, b) => a.hint! - b.hint!);
  const back = part !== 'list' ? [{ keys: [screen.options.keys.nameOf('back')], label: 'back' }] : [];
  const help = keys
    .filter(({ action }) => action === 'help')
    .map(hint)
    .join('');
  let line = '';
  for (const each of [...secretHint(screen), ...forwards(screen), ...back, ...useful]) {
    const next = hint(each);
    if (textWidth(line) + textWidth(next) + textWidth(help) > width) break;
    line += next;
  }
  return line + help;
}

function hint({ keys, label }: { keys: string[]; label: string }): string {
  return ` ${paint('title', NAMES[keys[0]!] ?? keys[0]!)} ${label} `;
}
