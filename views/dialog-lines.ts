import { range } from '../src/actions/converge.ts';
import type { Proposal } from '../src/actions/proposal.ts';
import type { Change } from '../src/model/deed.ts';
import type { Dialog, Slot } from '../src/screen/dialog.ts';
import { wrapped } from '../src/screen/document.ts';
import { fit, textWidth } from '../src/stage/width.ts';
import { paint, plain, type Tone } from '../src/text/look.ts';
import { framed } from './frame.ts';

const LABEL = 14;
/** Targets of several that are named; the rest is a count. */
const NAMED = 6;

/** The dialog of a write: what would be done, what speaks against it, and what has to be answered. */
export function dialogLines(
  dialog: Dialog,
  { width, height, ascii }: { width: number; height: number; ascii: boolean },
): string[] {
  const inner = width - 2;
  const lines = body(dialog, inner - 2).map(line => ` ${line}`);
  const keys = ` ${hint(dialog)}`;
  const room = height - 2;
  const shown = lines.length + 2 > room ? cut(lines, room - 1) : [...lines, ''];
  const [first] = dialog.nouns;
  return framed(
    [...shown, keys].map(line => fit(plain(line, ascii), inner)),
    {
      width,
      height: Math.min(height, shown.length + 3),
      title: ` ${dialog.verb.title} ${dialog.nouns.length === 1 ? first?.name : `${dialog.nouns.length} ${first?.kind}s`} `,
      sum: first?.source ?? '',
      focused: true,
      ascii,
    },
  );
}

/** What does not fit is not left out in silence: it may be the warning that counts. */
function cut(lines: readonly string[], room: number): string[] {
  const kept = Math.max(0, room - 1);
  const rest = lines.length - kept;
  return [
    ...lines.slice(0, kept),
    paint(
      'warn',
      ` ${rest} more ${rest === 1 ? 'line' : 'lines'}: make the window taller to read ${rest === 1 ? 'it' : 'them'}`,
    ),
  ];
}

/** How many lines it needs. */
export function dialogHeight(dialog: Dialog, width: number): number {
  return body(dialog, width - 4).length + 4;
}

function body(dialog: Dialog, width: number): string[] {
  const { slots, at } = dialog.slots;
  const { state } = dialog;
  const lines = slots.flatMap(slot => slotLines(slot, slot.name === at, width, ofSlot(dialog, slot)));
  if (state.state === 'asking') return [...lines, paint('dim', 'asking the system …')];
  if (state.state === 'wrong') return [...lines, ...labelled('not possible', state.why, width, 'bad')];
  const { proposals, passed } = state;
  const [only] = proposals;
  if (!only) return lines;
  return [
    ...lines,
    ...(proposals.length === 1 ? one(only, slots, width) : several(proposals, width)),
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
  const managed = 'managedBy' in noun && noun.managedBy ? [`managed by ${noun.managedBy}: it may set it back`] : [];
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

function several(proposals: readonly Proposal[], width: number): string[] {
  const named = proposals.slice(0, NAMED).flatMap(({ noun, plan, refused, rehearsal }) => {
    const changes = plan.changes.map(({ what, from, to }) => `${what} ${from} → ${to}`).join(', ');
    const bad = refused ?? (rehearsal?.ok === false ? rehearsal.words : null);
    const minds = plan.notes.slice(1).map(note => fit(`  ${note}`, width));
    return [fit(`${fit(noun.name, 32)} ${bad === null ? changes : paint('bad', bad)}`, width), ...minds];
  });
  const more = proposals.length - named.length;
  const first = proposals[0]?.plan.command ?? '';
  return [
    '',
    ...named,
    ...(more > 0 ? [paint('dim', `and ${more} more`)] : []),
    '',
    paint('title', fit(first, width)),
    paint('dim', 'and so for each, one after the other; it stops at the first that is not done'),
  ];
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
    key('Esc', 'leave'),
  ].join('   ');
}
