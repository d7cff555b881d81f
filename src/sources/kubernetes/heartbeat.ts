import { pulse } from '../pulse.ts';
import type { Sink } from '../source.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import type { Timing } from './timing.ts';
import { troubleOf } from './trouble.ts';
import { text } from './wire.ts';

export interface HeartbeatOptions {
  api: Api;
  sink: Sink;
  timing: Timing;
  /** It answers: for the first time, or having been silent since `since`, milliseconds since 1970. */
  answers(since: number | null): void;
}

/** Failures before the first answer that are still called connecting. */
const PATIENCE = 1;

/** Asks the server whether it is there, and tells what that means for the source, until the signal aborts. */
export async function heartbeat({ api, sink, timing, answers }: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  let phase: 'connecting' | 'live' | 'stale' | 'refused' = 'connecting';
  let failures = 0;
  let lostAt: number | null = null;
  let told = '';

  const alive = () => {
    const before = phase;
    [phase, failures, told] = ['live', 0, ''];
    if (before === 'live') sink.state({ phase, proof: true });
    else sink.state({ phase, proof: true, trouble: null });
    if (before === 'live') return;
    void tellVersion(api, sink, signal);
    answers(lostAt);
  };

  const silent = (error: unknown) => {
    failures++;
    if (phase === 'live' || phase === 'connecting') lostAt = Date.now();
    api.dropIdle();
    const trouble = api.awaitsCredentials
      ? awaitingCredentials(api)
      : troubleOf(error, 'reach the API server', api.context.name);
    if (error instanceof ApiError && error.status === 401) phase = 'refused';
    else if (phase !== 'connecting' || failures > PATIENCE) phase = 'stale';
    const state = { phase, trouble };
    if (told !== JSON.stringify(state)) sink.state(state);
    told = JSON.stringify(state);
  };

  sink.state({ phase, target: targetOf(api, null) });
  const { pulseMs: everyMs, pulseDeadlineMs: deadlineMs } = timing;
  await pulse({ ask: until => askReady(api, until), alive, silent, everyMs, deadlineMs }, signal);
}

/** Any answer of the server itself will do, be it that it is not ready or that this may not be asked. */
async function askReady(api: Api, signal: AbortSignal): Promise<void> {
  try {
    const response = await api.get('/readyz', signal);
    for await (const _ of response) signal.throwIfAborted();
  } catch (error) {
    // A gateway speaks for a server that does not answer it.
    if (!(error instanceof ApiError) || [401, 502, 503, 504].includes(error.status)) throw error;
  }
}

/** The version is for the header; a server that keeps it to itself is watched all the same. */
async function tellVersion(api: Api, sink: Sink, signal: AbortSignal): Promise<void> {
  const version = await api.json('/version', signal).catch(() => null);
  const found = text((version as { gitVersion?: unknown } | null)?.gitVersion);
  if (found && !signal.aborted) sink.state({ target: targetOf(api, found) });
}

/** "prod · v1.35.4 · as ops": pinned by name. */
function targetOf({ context }: Api, version: string | null): string {
  return [context.name, version, context.user && `as ${context.user}`].filter(Boolean).join(' · ');
}

function awaitingCredentials({ context }: Api) {
  return {
    what: 'get credentials',
    on: context.name,
    why: 'the credentials plugin of the kubeconfig has not answered',
    fix: 'it may want a login: run kubectl get nodes once',
  };
}
