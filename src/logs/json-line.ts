import { printable } from '../model/printable.ts';

const TIMES = ['time', 'ts', 'timestamp', '@timestamp', 'asctime', 'date'];
const LEVELS = ['level', 'lvl', 'severity', 'levelname', 'log.level'];
const MESSAGES = ['msg', 'message', 'event', 'text', 'log'];

/** A line of JSON as a person reads it: `level message key=value …`; null for any other line. The stamp is left out. */
export function foldJson(text: string): string | null {
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  let object: Record<string, unknown>;
  try {
    object = JSON.parse(text);
  } catch {
    return null;
  }
  const level = take(object, LEVELS);
  const message = take(object, MESSAGES);
  const rest = Object.entries(object)
    .filter(([key]) => !TIMES.includes(key) && key !== level?.key && key !== message?.key)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const parts = [level && String(level.value).toUpperCase(), message && String(message.value), ...rest];
  return printable(parts.filter(part => part !== null && part !== undefined).join(' '), text.length);
}

function take(object: Record<string, unknown>, names: readonly string[]): { key: string; value: unknown } | null {
  const key = names.find(name => typeof object[name] === 'string' || typeof object[name] === 'number');
  return key === undefined ? null : { key, value: object[key] };
}
