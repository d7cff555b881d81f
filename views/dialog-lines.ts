import { range } from '../src/actions/converge.ts';
import type { Proposal } from '../src/actions/proposal.ts';
import type { Change } from '../src/model/deed.ts';
import type { Dialog, Slot } from '../src/screen/dialog.ts';
import { wrapped } from '../src/screen/document.ts';
import { fit, textWidth } from '../src/stage/width.ts';
import { paint, plain, type Tone } from '../src/text/look.ts';
import { framed } from './frame.ts';

const LABEL = 14;

/** The dialog of a write: what would be done, what speaks against it, and what has to be answered. */
export function dialogLines(
  dialog: Dialog,
  { width, height, ascii }: { width: number; height: number; ascii: boolean },
): string[] {
  const inner = width - 2;
  const slots = slotsOf(dialog, inner - 2);
  const said = body(dialog, inner - 2);
  const room = height - 3;
  const isWhole = slots.length + said.length + 1 <= room;
  const shown = isWhole ? [...slots, ...said, ''] : [...slots, ...windowOf(dialog, said, room - slots.length)];
  const lines = [...shown, hint(dialog)].map(line => ` ${line}`);
  const [first] = dialog.nouns;
  return framed(
    lines.map(line => fit(plain(line, ascii), inner)),
    {
      width,
      height: Math.min(height, shown.length + 3),
      title: ` ${dialog.verb.title} ${dialog.nouns.length === 1 ? dialog.phrase || first?.name : `${dialog.nouns.length} ${first?.kind}s`} `,
      sum: first?.source ?? '',
      focused: true,
      ascii,
    },
  );
}

/** What does not fit is not left out in silence: it may be the warning that counts. */
function windowOf(dialog: Dialog, lines: readonly string[], room: number): string[] {
  dialog.rows = Math.max(1, room - 1);
  dialog.top = Math.max(0, Math.min(dialog.top, lines.length - dialog.rows));
  const { top, rows } = dialog;
  const below = Math.max(0, lines.length - top - rows);
  const words = [
    ...(below > 0 ? [`PgDn: ${below} more ${below === 1 ? 'line' : 'lines'}`] : []),
    ...(top > 0 ? [`PgUp: ${top} above`] : []),
  ].join(' · ');
  return [...lines.slice(top, top + rows), paint('warn', words)];
}

/** How many lines it needs. */
export function dialogHeight(dialog: Dialog, width: number): number {
  return slotsOf(dialog, width - 4).length + body(dialog, width - 4).length + 4;
}

function slotsOf(dialog: Dialog, width: number): string[] {
  const { slots, at } = dialog.slots;
  return slots.flatMap(slot => slotLines(slot, slot.name === at, width, ofSlot(dialog, slot)));
}

function body(dialog: Dialog, width: number): string[] {
  const { state, hidden } = dialog;
  if (state.state === 'asking') return [paint('dim', 'asking the system …')];
  if (state.state === 'wrong') return labelled('not possible', state.why, width, 'bad');
  const { proposals, passed } = state;
  const [only] = proposals;
  if (!only) return [];
  return [
    ...(proposals.length === 1 ? one(only, dialog.slots.slots, width) : several(dialog, proposals, width)),
    ...(proposals.length === 1 && hidden.has(only.noun.id)
      ? labelled('not in sight', 'it is marked, and hidden by the filter or the namespace', width, 'warn')
      : []),
    ...passed.flatMap((why, index) => labelled(index === 0 ? 'left out' : '', why, width, 'warn')),
    ...needed(dialog, width),
  ];
}

function slotLines({ label, text, help }: Slot, focused: boolean, width: number, was: string): string[] {
  const line = `${fit(label, LABEL - 1)} ${was}[ ${text}${focused ? paint('cursor', ' ') : ' '}]`;
  return [fit(`${line}  ${paint('dim', help)}`, width)];
}

/** `3 → ` before the field that changes it. */
function ofSlot({ state }: Dialog, { name }: Slot): string {
  if (state.state !== 'ready' || state.proposals.length !== 1) return '';
  const change = state.proposals[0]?.plan.changes.find(({ what }) => what === name);
  return change ? `${change.from} → ` : '';
}

function one({ plan, rehearsal, noun, usual, refused }: Proposal, slots: readonly Slot[], width: number): string[] {
  // A session sets nothing, and what is about a whole stack is done by whoever manages it.
  const isOwn = plan.session !== undefined || plan.phrase !== undefined;
  const managed =
    'managedBy' in noun && noun.managedBy && !isOwn ? [`managed by ${noun.managedBy}: it may set it back`] : [];
  return [
    // What is typed stands beside what it was already.
    ...plan.changes
      .filter(({ what }) => !slots.some(({ name }) => name === what))
      .flatMap(change => changeLines(change, width)),
    '',
    ...wrapped([{ text: plan.command }], width).map(({ text }) => paint('title', text)),
    '',
    ...[...plan.notes, ...managed].flatMap((note, index) => labelled(index === 0 ? 'mind' : '', note, width)),
    ...(rehearsal ? labelled('server says', rehearsal.words, width, rehearsal.ok ? 'ok' : 'bad') : []),
    ...(usual.length > 0
      ? labelled(
          'usually',
          `${range(usual)} (${usual.length === 1 ? 'once before' : `the last ${usual.length} times`})`,
          width,
        )
      : []),
    ...(refused === null ? [] : labelled('refused', refused, width, 'bad')),
  ];
}

/** A path in an object is longer than a label may be, and no use when it is cut. */
function changeLines({ what, from, to }: Change, width: number): string[] {
  if (textWidth(what) < LABEL) return labelled(what, `${from} → ${to}`, width);
  return wrapped([{ text: `${what}  ${from} → ${to}` }], width).map(({ text }) => text);
}

function several({ hidden, keepsGoing }: Dialog, proposals: readonly Proposal[], width: number): string[] {
  const named = proposals.flatMap(({ noun, plan, refused, rehearsal }) => {
    const changes = plan.changes.map(({ what, from, to }) => `${what} ${from} → ${to}`).join(', ');
    const bad = refused ?? (rehearsal?.ok === false ? rehearsal.words : null);
    const sight = hidden.has(noun.id) ? paint('warn', ' (marked, not in sight)') : '';
    return [
      fit(`${paint('title', noun.name)}${sight}`, width),
      ...indented(bad ?? changes, width, bad === null ? null : 'bad'),
      ...plan.notes.flatMap(note => indented(note, width, 'dim')),
    ];
  });
  const unseen = proposals.filter(({ noun }) => hidden.has(noun.id)).length;
  return [
    ...(unseen > 0 ? [paint('warn', `${unseen} of ${proposals.length} are marked, and not in sight`)] : ['']),
    ...named,
    '',
    ...wrapped([{ text: proposals[0]?.plan.command ?? '' }], width).map(({ text }) => paint('title', text)),
    paint(
      'dim',
      `and so for each, one after the other; ${keepsGoing ? 'the rest is done although one is not' : 'it stops at the first that is not done'}`,
    ),
  ];
}

function indented(text: string, width: number, tone: Tone | null): string[] {
  return text === '' ? [] : wrapped([{ text }], width - 2).map(line => `  ${paint(tone, line.text)}`);
}

function needed({ needs, phrase }: Dialog, width: number): string[] {
  return [
    ...(needs.anyway === null ? [] : labelled('not fresh', `${needs.anyway}: what is shown may be old`, width, 'warn')),
    ...(needs.unrecorded === null
      ? []
      : labelled('not recorded', `nothing of this is kept: ${needs.unrecorded}`, width, 'warn')),
    ...(needs.confirm === 'name' ? labelled('confirm', `type ${phrase}`, width, 'warn') : []),
  ];
}

function labelled(label: string, text: string, width: number, tone: Tone | null = null): string[] {
  return wrapped([{ text }], width - LABEL).map(
    (line, index) => `${paint('dim', fit(index === 0 ? label : '', LABEL - 1))} ${paint(tone, line.text)}`,
  );
}

/** Why the last key did nothing, and the keys that do something. */
function hint(dialog: Dialog): string {
  const { slots, at } = dialog.slots;
  const { confirm } = dialog.needs;
  const key = (name: string, does: string) => `${paint('title', name)} ${does}`;
  const ready = dialog.state.state === 'ready';
  const last = at === 'confirm' || slots.at(-1)?.name === at;
  const yes =
    confirm === 'y' ? (at === 'confirm' ? key('y', 'do it') : key('↵', 'on, then y')) : key('↵', last ? 'do it' : 'on');
  const told = dialog.hint === null ? [] : [paint('warn', dialog.hint)];
  return [
    ...told,
    ...(ready ? [yes] : []),
    ...(slots.length > 1 ? [key('Tab', 'next')] : []),
    ...(dialog.nouns.length > 1 ? [key('^G', dialog.keepsGoing ? 'stop at a failure' : 'go on after a failure')] : []),
    key('Esc', 'leave'),
  ].join('   ');
}
