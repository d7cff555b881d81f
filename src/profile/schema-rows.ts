import * as z from 'zod';

/** A key of a mapping as a reference page tells it. */
export interface SchemaRow {
  key: string;
  type: string;
  required: boolean;
  /** As it would be written; null without one. */
  usual: string | null;
  help: string;
}

interface Schema {
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  default?: unknown;
  description?: string;
}

/** The keys of an object schema, those of mappings below it as `tables.servers`, in the order in which they are defined. */
export function schemaRows(schema: z.ZodType, io: 'input' | 'output' = 'input'): SchemaRow[] {
  return rowsOf(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema, '');
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): SchemaRow[] {
  return Object.entries(properties).flatMap(([key, inner]) => {
    const row: SchemaRow = {
      key: prefix + key,
      type: typeOf(inner),
      required: required.includes(key),
      usual: inner.default === undefined || isEmpty(inner.default) ? null : JSON.stringify(inner.default),
      help: inner.description ?? '',
    };
    return [row, ...below(inner, `${prefix}${key}`)];
  });
}

/** What stands in a mapping, in the mappings of a list, or in any form that a value may have. */
function below(schema: Schema, key: string): SchemaRow[] {
  if (schema.type === 'array') return schema.items?.properties ? rowsOf(schema.items, `${key}[].`) : [];
  const forms = (schema.anyOf ?? schema.oneOf ?? [schema]).filter(({ properties }) => properties);
  const rows = forms.flatMap(form => rowsOf(form, `${key}.`));
  // The same key of several forms is one row; what one form needs another does not have.
  return rows
    .filter((row, at) => rows.findIndex(other => other.key === row.key) === at)
    .map(row => (forms.length > 1 ? { ...row, required: false } : row));
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function typeOf(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(', ');
  if (schema.allOf) return 'mapping';
  if (Array.isArray(schema.type)) return schema.type.map(type => typeOf({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'array':
      return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
    case 'object':
      return schema.properties ? 'mapping' : 'mapping of names';
    case 'string':
      return schema.format === 'date-time' ? 'time' : 'text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'whole number';
    default:
      return schema.type ?? 'anything';
  }
}

/** A table in Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
