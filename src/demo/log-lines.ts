import { imageName } from './controller/images.ts';
import { Random } from './random.ts';

export interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  text: string;
  stream: 'stdout' | 'stderr';
}

/** Who writes: its image and its name say what it would write. */
export interface Writer {
  image: string;
  /** Pod or container name: with it the lines are the same each time they are asked for. */
  name: string;
  startedAt: number;
  /** Its last line, and when it ended; null while it runs. */
  end: { at: number; lastLine: string | null } | null;
  /** Nothing that it writes is an error. */
  calm?: boolean;
  /** What it complains of beside its usual lines. */
  complaint?: Complaint | undefined;
}

/** Lines that come again and again from a moment on. */
export interface Complaint {
  from: number;
  /** When it ceased; left out while it goes on. */
  until?: number;
  everyMs: number;
  /** So many each time; 1 when left out. */
  lines?: number;
  /** With other numbers each time; `number` is that of the line among all of this complaint, from 0. */
  text(random: Random, number: number): string;
}

/** A container writes something in each slot of so many milliseconds. */
const SLOT_MS = 1_700;

/** What a container wrote from one moment to another, both included; at most `limit` lines, the newest. */
export function linesOf(writer: Writer, from: number, to: number, limit = 100_000): LogLine[] {
  const end = writer.end?.at ?? to;
  const first = Math.max(writer.startedAt, from);
  const last = Math.min(end, to);
  const lines: LogLine[] = [];
  const earliest = Math.max(Math.floor(first / SLOT_MS), Math.floor(last / SLOT_MS) - limit);
  if (writer.startedAt >= from && writer.startedAt <= to) {
    lines.push({ at: writer.startedAt, text: greeting(writer), stream: 'stdout' });
  }
  for (let slot = earliest; slot * SLOT_MS <= last; slot += 1) {
    const line = lineIn(writer, slot);
    if (line.at >= first && line.at <= last) lines.push(line);
  }
  const complaints = complaintsOf(writer, first, last, limit);
  if (complaints.length > 0) lines.push(...complaints);
  if (complaints.length > 0) lines.sort((a, b) => a.at - b.at);
  const { lastLine = null, at = 0 } = writer.end ?? {};
  if (lastLine && at >= from && at <= to) lines.push({ at, text: lastLine, stream: 'stderr' });
  return limit > 0 ? lines.slice(-limit) : [];
}

function complaintsOf({ complaint, name }: Writer, from: number, to: number, limit: number): LogLine[] {
  if (!complaint) return [];
  const { everyMs, text, lines: atOnce = 1, until = to } = complaint;
  const lines: LogLine[] = [];
  const begun = Math.ceil(complaint.from / everyMs);
  const last = Math.floor(Math.min(until, to) / everyMs);
  const first = Math.max(begun, Math.ceil(from / everyMs), last - Math.ceil(limit / atOnce));
  for (let slot = first; slot <= last; slot += 1) {
    const random = new Random(slot ^ seedOf(name));
    for (let index = 0; index < atOnce; index += 1) {
      const number = (slot - begun) * atOnce + index;
      lines.push({ at: slot * everyMs, text: text(random, number), stream: 'stderr' });
    }
  }
  return lines;
}

function lineIn({ image, name, calm }: Writer, slot: number): LogLine {
  const random = new Random(slot ^ seedOf(name));
  const at = slot * SLOT_MS + Math.floor(random.next() * SLOT_MS * 0.3);
  const moment = new Date(at).toISOString();
  const clock = `${moment.slice(0, 10)} ${moment.slice(11, 19)}`;
  const client = `10.42.${random.integer(0, 3)}.${random.integer(2, 240)}`;
  const fails = random.chance(0.02);
  const status = fails && !calm ? 500 : random.chance(0.06) ? 404 : 200;
  const isError = status === 500;
  const stream = fails ? 'stderr' : 'stdout';
  if (imageName(image) === 'odoo') {
    const path = random.pick(['/web/health', '/web/dataset/call_kw', '/web/login', '/longpolling/poll', '/shop']);
    const level = isError ? 'ERROR' : 'INFO';
    return {
      at,
      stream,
      text: `${clock},${moment.slice(20, 23)} 1 ${level} odoo werkzeug: ${client} - - "GET ${path} HTTP/1.1" ${status} -`,
    };
  }
  if (/worker|beat/.test(name)) {
    const task = random.pick(['health_check_db_pools', 'reconcile_instances', 'sync_quota', 'collect_usage']);
    const seconds = random.between(0.01, 2.4).toFixed(3);
    if (/instance-worker/.test(name) && random.chance(0.03)) {
      const text = `[${clock},${moment.slice(20, 23)}: INFO/MainProcess] pod watch stream is open (timeout 3600 s)`;
      return { at, stream: 'stdout', text };
    }
    return {
      at,
      stream: 'stdout',
      text: `[${clock},${moment.slice(20, 23)}: INFO/MainProcess] Task ${task}[${random.uuid()}] succeeded in ${seconds}s`,
    };
  }
  if (/postgres/.test(imageName(image))) {
    const text = random.pick([
      'checkpoint starting: time',
      'checkpoint complete: wrote 42 buffers (0.3%)',
      'automatic vacuum of table "public.res_users"',
    ]);
    return {
      at,
      stream: 'stderr',
      text: `${clock}.${moment.slice(20, 23)} UTC [${random.integer(20, 400)}] LOG:  ${text}`,
    };
  }
  const path = random.pick(['/health', '/api/v1/instances', '/api/v1/users/me', '/metrics']);
  const port = random.integer(30_000, 60_000);
  return {
    at,
    stream,
    text: `${isError ? 'ERROR' : 'INFO'}:     ${client}:${port} - "GET ${path} HTTP/1.1" ${status}`,
  };
}

function greeting({ image }: Writer): string {
  return `starting ${image}`;
}

function seedOf(text: string): number {
  let seed = 7;
  for (let index = 0; index < text.length; index += 1) seed = (Math.imul(seed, 31) + text.charCodeAt(index)) | 0;
  return seed;
}
