import type { IncomingMessage } from 'node:http';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { count, text } from './wire.ts';

/** The server answered, and said no. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** Kubernetes' word for it: Forbidden, Expired, TooManyRequests. */
  readonly reason: string | null;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | null;

  constructor(status: number, message: string, reason: string | null = null, retryAfterMs: number | null = null) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  /** From a Status object: what the API answers instead of what was asked for, also within a watch. */
  static of(status: unknown, fallback = 0, retryAfterMs: number | null = null): ApiError {
    const { code, reason, message, details } = (typeof status === 'object' && status !== null ? status : {}) as Record<
      string,
      unknown
    >;
    const number = count(code) ?? fallback;
    const said =
      typeof message === 'string' ? [message, budgetOf(details)].filter(Boolean).join(' ') : `HTTP ${number}`;
    const words = printable(maskText(said), 500);
    return new ApiError(number, words, text(reason), retryAfterMs);
  }

  /** From an answer that is no success; reads what is left of it. */
  static async from(response: IncomingMessage): Promise<ApiError> {
    const status = response.statusCode ?? 0;
    const retryAfterMs = retryAfterOf(response.headers['retry-after']);
    const body = await firstBytes(response).catch(() => '');
    try {
      const parsed: unknown = JSON.parse(body);
      if (typeof (parsed as { message?: unknown } | null)?.message === 'string') {
        return ApiError.of({ ...(parsed as object), code: status }, status, retryAfterMs);
      }
    } catch {
      // A proxy's page, or plain text: quoted below.
    }
    const page = /^\s*</.test(body) ? '' : body.trim().slice(0, 200);
    const words = [`HTTP ${status}`, printable(maskText(page)) || response.statusMessage].filter(Boolean).join(' ');
    return new ApiError(status, words, null, retryAfterMs);
  }
}

/** What a disruption budget says against an eviction; the message itself does not name it. */
function budgetOf(details: unknown): string | null {
  const { causes } = (typeof details === 'object' && details !== null ? details : {}) as { causes?: unknown };
  const cause = Array.isArray(causes) ? causes.find(each => each?.reason === 'DisruptionBudget') : null;
  return text(cause?.message);
}

/** Retry-After in its two forms: seconds, or a date. At most ten minutes are granted. */
function retryAfterOf(header: string | undefined): number | null {
  if (!header) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 600_000) : null;
}

async function firstBytes(response: IncomingMessage, limit = 64 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
