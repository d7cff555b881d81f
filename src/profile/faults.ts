import * as z from 'zod';
import { isSecretName } from '../model/secrets.ts';
import { didYouMean } from '../text/nearest.ts';
import { isTree } from './merge.ts';
import { formOf, formsOf, keysOf, schemaAt, valueAt } from './schema-walk.ts';

/** One mistake in a profile: at which key, and in words what is wrong and what was meant. */
export interface Fault {
  path: PropertyKey[];
  message: string;
}

type Issue = z.core.$ZodIssue;

/** The mistakes behind zod's issues, in words. `tree` is what was checked. */
export function faultsOf(schema: z.ZodType, issues: readonly Issue[], tree: unknown): Fault[] {
  return issues.flatMap(issue => faultsOfIssue(schema, issue, tree));
}

function faultsOfIssue(schema: z.ZodType, issue: Issue, tree: unknown): Fault[] {
  const { path } = issue;
  const one = (message: string): Fault[] => [{ path, message }];
  const given = valueAt(tree, path);
  const shown = () => told(given, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const here = schemaAt(schema, path, tree);
      return issue.keys.map(key => unknownKey(path, key, keysOf(here && formOf(here, given))));
    }
    case 'invalid_type':
      return one(
        given === undefined ? `is missing: ${noun(issue.expected)}` : `must be ${noun(issue.expected)}, not ${shown()}`,
      );
    case 'invalid_value':
      return one(choice(issue.values.map(String), given, shown()));
    case 'invalid_union':
      if ('options' in issue) return one(choice(issue.options?.map(String) ?? [], given, shown()));
      return misfit(schema, issue, tree);
    case 'invalid_key':
      return one(issue.issues[0]?.message ?? issue.message);
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return one('must not be empty');
      return one(`must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}, not ${shown()}`);
    case 'too_big':
      return one(`must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}, not ${shown()}`);
    default:
      return one(issue.message);
  }
}

/** None of several forms fits: what is wrong is told of the one that was most probably meant. */
function misfit(schema: z.ZodType, issue: z.core.$ZodIssueInvalidUnion, tree: unknown): Fault[] {
  const { path } = issue;
  const given = valueAt(tree, path);
  const union = schemaAt(schema, path, tree);
  const forms = formsOf(union);
  const keys = isTree(given) ? Object.keys(given) : [];
  const fitting = forms
    .map((form, at) => ({ at, known: keysOf(form).filter(key => keys.includes(key)).length }))
    .reduce((a, b) => (b.known > a.known ? b : a), { at: -1, known: 0 });
  const inner = issue.errors[fitting.at];
  if (inner)
    return faultsOf(
      schema,
      inner.map(of => ({ ...of, path: [...path, ...of.path] })),
      tree,
    );
  const all = [...new Set(forms.flatMap(keysOf))];
  const [key] = keys;
  if (key !== undefined && all.length > 0) return [unknownKey(path, key, all)];
  const meant = describe(union) ?? (all.length > 0 ? `a mapping with ${all.join(' or ')}` : null);
  return [{ path, message: meant ? `must be ${meant}, not ${told(given, path)}` : issue.message }];
}

function unknownKey(path: PropertyKey[], key: string, known: string[]): Fault {
  const hint = didYouMean(key, known) || (known.length > 0 ? `; known here: ${known.join(', ')}` : '');
  return { path: [...path, key], message: `unknown key${hint}` };
}

function choice(values: readonly string[], given: unknown, shown: string): string {
  const list = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
  if (given === undefined) return `is missing: it ${list}`;
  return `${list}, not ${shown}${typeof given === 'string' ? didYouMean(given, values) : ''}`;
}

const describe = (schema: z.core.$ZodType | null): string | null =>
  (schema && z.globalRegistry.get(schema)?.description) ?? null;

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (name: …)',
};
const noun = (type: string): string => NOUNS[type] ?? type;

/** A value as a message may show it: what stands under a secret's name is somebody's mistake, and stays secret. */
function told(value: unknown, path: readonly PropertyKey[]): string {
  if (Array.isArray(value)) return 'a list';
  if (isTree(value)) return 'a mapping';
  if (path.some(step => isSecretName(String(step)))) return 'the value itself';
  if (typeof value !== 'string') return String(value);
  return `"${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
}
