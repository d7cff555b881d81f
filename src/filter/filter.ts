import { didYouMean } from '../text/nearest.ts';
import { parseBytes, parseDuration, parseMillicores, parsePercent } from '../text/quantity.ts';
import {
  FIELD_NAMES,
  type Field,
  type FieldContext,
  fieldOf,
  lastOf,
  nodesOf,
  type Subject,
  type Unit,
  type Value,
} from './fields.ts';

export interface Filter {
  test(subject: Subject): boolean;
  /** What is wrong or not finished; such a term lets everything through, the others hold. */
  error: string | null;
}

type Test = (subject: Subject) => boolean;
type Term = { test: Test } | { error: string };

const CONTEXT: FieldContext = { now: Date.now, nameOf: lastOf };
const TYPED = /^([a-z]\w*|label\.[\w./-]+)(>=|<=|!=|=|>|<|~)(.*)$/is;

/**
 * Reads a filter: terms with spaces between, of which all must hold.
 *
 * - `odoo` text anywhere in name, node, state, reason (a namespace holds too many: `ns=x`); `"two words"`
 * - `/^odoo-.*x$/` a regular expression over the same
 * - `cpu>500m` `used>80%` `age<2h` `status=bad|warn` `node=w*` `image~14.0` `label.app=odoo` (`~` contains)
 * - `!` before any of them inverts it. `=unknown` finds what is not known; a number that is not known passes no
 *   comparison.
 *
 * Letters count alike in both cases. Never throws.
 */
export function parseFilter(input: string, context: FieldContext = CONTEXT): Filter {
  const tests: Test[] = [];
  let error: string | null = null;
  for (const word of words(input)) {
    const inverted = word.startsWith('!');
    const term = termOf(inverted ? word.slice(1) : word, context);
    if ('error' in term) error ??= term.error;
    else tests.push(inverted ? subject => !term.test(subject) : term.test);
  }
  return { test: subject => tests.every(test => test(subject)), error };
}

/** Whether whatever passes `filter` has passed `before`, from which it was made by typing on: plain words alone are sure of that. */
export function narrows(before: string, filter: string): boolean {
  return filter.startsWith(before) && !/[!/"=<>~]/.test(filter);
}

/** Splits at spaces outside of "quotes" and /expressions/. */
function words(input: string): string[] {
  return input.match(/!?\/(?:\\.|[^\\/]|\/(?!\s|$))*\/(?=\s|$)|(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

function termOf(word: string, context: FieldContext): Term {
  if (word === '') return { error: '! inverts what follows: !status=ok' };
  if (word.startsWith('/')) return expression(word, context);
  const [, name, operator, wanted] = TYPED.exec(word) ?? [];
  if (name === undefined || operator === undefined || wanted === undefined) {
    // Quicker than to fold the case of every text.
    return searched(new RegExp(RegExp.escape(unquoted(word)), 'i'), context);
  }
  const field = fieldOf(name);
  if (!field)
    return {
      error: `no field "${name}"${didYouMean(name, FIELD_NAMES) || `; for the text itself, "${word}" in quotes`}`,
    };
  const plain = unquoted(wanted);
  if (plain === '') return { error: `${name}${operator} what? ${field.help}` };
  return typed(field, operator, plain, context);
}

function expression(word: string, context: FieldContext): Term {
  if (word.length < 2 || !word.endsWith('/')) {
    return { error: `an expression ends with /; for the text itself, "${word}" in quotes` };
  }
  try {
    return searched(new RegExp(word.slice(1, -1), 'i'), context);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function typed(field: Field, operator: string, wanted: string, context: FieldContext): Term {
  if (operator === '=' || operator === '!=') {
    const equals = anyOf(field, wanted, context);
    if ('error' in equals || operator === '=') return equals;
    return { test: subject => has(field, subject, context) && !equals.test(subject) };
  }
  if (operator === '~') {
    const needle = wanted.toLowerCase();
    return { test: subject => valuesOf(field, subject, context).some(v => shown(v).includes(needle)) };
  }
  const limit = quantity(field, wanted);
  if (limit === null) return { error: wrong(field, wanted, operator) };
  return {
    test: subject => limit.of(subject, context).some(v => typeof v === 'number' && compare(operator, v, limit.value)),
  };
}

const compare = (operator: string, a: number, b: number): boolean =>
  operator === '>' ? a > b : operator === '<' ? a < b : operator === '>=' ? a >= b : a <= b;

/** One of `a|b|c`: each a word with `*` for anything, an amount, yes, no or unknown. */
function anyOf(field: Field, wanted: string, context: FieldContext): Term {
  const tests: Test[] = [];
  for (const choice of wanted.split('|').filter(choice => choice !== '')) {
    if (choice.toLowerCase() === 'unknown') {
      tests.push(subject => valuesOf(field, subject, context).some(v => v === null || v === 'unknown'));
      continue;
    }
    const amount = quantity(field, choice);
    const word = glob(choice);
    if (!amount && field.unit !== 'text' && !/^(yes|no|true|false)$/i.test(choice)) {
      return { error: wrong(field, choice, '=') };
    }
    tests.push(
      subject =>
        (amount?.of(subject, context) ?? []).some(v => v === amount?.value) ||
        valuesOf(field, subject, context).some(v => v !== null && typeof v !== 'number' && word.test(shown(v))) ||
        (field.unit === 'text' &&
          valuesOf(field, subject, context).some(v => typeof v === 'number' && word.test(`${v}`))),
    );
  }
  return { test: subject => tests.some(test => test(subject)) };
}

interface Quantity {
  value: number;
  of(subject: Subject, context: FieldContext): readonly Value[];
}

const READ: Record<Unit, (text: string) => number | null> = {
  text: () => null,
  count: text => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null),
  bytes: parseBytes,
  millicores: parseMillicores,
  seconds: parseDuration,
  ms: text => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : times1000(parseDuration(text))),
};
const times1000 = (seconds: number | null) => (seconds === null ? null : seconds * 1000);

function quantity(field: Field, text: string): Quantity | null {
  const percent = parsePercent(text);
  const { share } = field;
  if (percent !== null) return share ? { value: percent, of: subject => [share(subject) ?? null] } : null;
  const value = READ[field.unit](text);
  return value === null ? null : { value, of: (subject, context) => valuesOf(field, subject, context) };
}

function wrong(field: Field, text: string, operator: string): string {
  if (field.unit === 'text')
    return `${field.name} is a word: ${field.name}=… or ${field.name}~… instead of ${operator}`;
  if (parsePercent(text) !== null) return `${field.name} has no whole to be a share of: ${field.help}`;
  return `"${text}" is no amount of ${field.name}: ${field.help}`;
}

function valuesOf(field: Field, subject: Subject, context: FieldContext): readonly Value[] {
  const value = field.read(subject, context);
  return value === undefined ? [] : isList(value) ? value : [value];
}
const isList = (value: Value | readonly Value[]): value is readonly Value[] => Array.isArray(value);
const has = (field: Field, subject: Subject, context: FieldContext) => field.read(subject, context) !== undefined;

const shown = (value: Value): string =>
  value === true ? 'yes' : value === false ? 'no' : value === null ? '' : String(value).toLowerCase();

function glob(pattern: string): RegExp {
  const word = /^true$/i.test(pattern) ? 'yes' : /^false$/i.test(pattern) ? 'no' : pattern;
  return new RegExp(`^${word.split('*').map(RegExp.escape).join('.*')}$`, 'is');
}

const unquoted = (word: string): string => word.replaceAll('"', '');

const SEARCHED = ['name', 'subject', 'state', 'reason', 'message', 'path', 'url', 'rule'] as const;

/** Plain text and expressions look through each of these. Asked of 10,000 subjects between two keys: the name first, nodes last. */
function searched(pattern: RegExp, context: FieldContext): Term {
  return {
    test: subject => {
      const texts: Partial<Record<(typeof SEARCHED)[number], unknown>> = subject;
      for (const name of SEARCHED) {
        const text = texts[name];
        if (typeof text === 'string' && pattern.test(text)) return true;
      }
      const nodes = nodesOf(subject, context) ?? [];
      return isList(nodes) ? nodes.some(node => pattern.test(String(node))) : pattern.test(String(nodes));
    },
  };
}
