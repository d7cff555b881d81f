import { containerName } from '../controller/swarm/events.ts';
import { isoNano, type Task } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { type LogLine, linesOf, type Writer } from '../log-lines.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { EngineError } from './engine-error.ts';
import { isSet } from './filters.ts';
import { frame } from './frame.ts';

/** How often a followed log is looked at. */
const FOLLOW_MS = 500;
/** Of one task at most, when nobody says how many. */
const ALL = 5_000;

export interface LogRequest {
  query: URLSearchParams;
  /** Asked again and again while the log is followed: what starts later is followed too. */
  tasks: () => Task[];
  /** One task was asked for: that it never ran is told. */
  isSingle: boolean;
  /** It has a terminal: no frames, and one stream. */
  tty: boolean;
  open: () => Outlet;
}

/** Streams logs in the form that their containers ask for: in frames, or with a terminal as they are. */
export function answerLogs(world: World, open: (type: string) => Outlet, request: Omit<LogRequest, 'open'>): 'streams' {
  const type = `application/vnd.docker.${request.tty ? 'raw' : 'multiplexed'}-stream`;
  streamLogs(world, { ...request, open: () => open(type) });
  return 'streams';
}

/**
 * The logs of tasks, ended ones among them, as the engine multiplexes them. `tail` counts for each task. Of a lost
 * node's tasks nothing comes but a complaint at the end, and none when the log is followed. Throws an EngineError.
 */
export function streamLogs({ swarm, timeline, preset }: World, request: LogRequest): void {
  const { query, tasks, tty, open } = request;
  const isWanted = { stdout: isSet(query, 'stdout'), stderr: isSet(query, 'stderr') };
  if (!isWanted.stdout && !isWanted.stderr) {
    throw new EngineError(500, 'Bad parameters: you must choose at least one stream');
  }
  const out = open();
  const write = (from: number, to: number, tail: number) => {
    const lines = tasks()
      .filter(task => !isLost(swarm, task))
      .flatMap(task =>
        linesOf({ ...writerOf(swarm, task), calm: preset !== 'default' }, from, to, tail).map(line => ({ task, line })),
      )
      .filter(({ line }) => isWanted[line.stream])
      .sort((a, b) => a.line.at - b.line.at);
    for (const { task, line } of lines) {
      const text = render(task, line, query);
      out.write(tty ? text : frame(line.stream, text));
    }
  };
  // This millisecond is not over yet.
  const past = () => Math.floor(timeline.now) - 1;
  let told = past();
  const tail = query.get('tail') ?? '';
  write(Number(query.get('since') || 0) * 1000, told, /^\d+$/.test(tail) ? Number(tail) : ALL);
  if (!isSet(query, 'follow')) {
    const missing = whatIsMissing(swarm, request);
    if (missing) out.write(frame('daemon', `Error grabbing logs: rpc error: code = Unknown desc = ${missing}`));
    return out.end();
  }
  const stop = timeline.every(
    () => FOLLOW_MS,
    () => {
      const before = told;
      told = past();
      write(before + 1, told, ALL);
    },
  );
  out.onEnd(stop);
}

function whatIsMissing(swarm: Swarm, { tasks, isSingle }: LogRequest): string | null {
  const lost = new Set(tasks().flatMap(task => (task.NodeID && isLost(swarm, task) ? [task.NodeID] : [])));
  const why = [...lost].map(id => `node ${id} is not available`);
  for (const task of isSingle ? tasks() : []) if (!task.NodeID) why.push(`task ${task.ID} has not been scheduled`);
  if (!why.length) return null;
  return `warning: incomplete log stream. some logs could not be retrieved for the following reasons: ${why.join(', ')}`;
}

function writerOf(swarm: Swarm, task: Task): Writer {
  const { Status, Spec, CreatedAt } = task;
  const service = swarm.store.get('service', task.ServiceID);
  const at = Date.parse(Status.Timestamp);
  const isRunning = Status.State === 'running';
  const hasRun = isRunning || (Status.ContainerStatus?.ContainerID && ['failed', 'shutdown'].includes(Status.State));
  const { crash } = swarm.behaviourOf(task);
  return {
    complaint: swarm.complaints.get(service?.Spec.Name ?? ''),
    image: Spec.ContainerSpec.Image,
    name: service ? containerName(service, task) : task.ID,
    startedAt: isRunning ? at : hasRun ? Date.parse(CreatedAt) : Number.POSITIVE_INFINITY,
    end: isRunning ? null : { at, lastLine: Status.State === 'failed' ? (crash?.lastLine ?? null) : null },
  };
}

function isLost({ downNodes, store }: Swarm, { NodeID }: Task): boolean {
  return NodeID !== undefined && (downNodes.has(NodeID) || store.get('node', NodeID) === null);
}

/** With `details` the ids stand before the line, or between its moment and itself. */
function render({ NodeID, ServiceID, ID }: Task, { at, text }: LogLine, query: URLSearchParams): string {
  const ids = Object.entries({ node: NodeID, service: ServiceID, task: ID });
  const details = ids.map(([name, id]) => `com.docker.swarm.${name}.id=${id}`).join(',');
  return `${isSet(query, 'timestamps') ? `${isoNano(at)} ` : ''}${isSet(query, 'details') ? `${details} ` : ''}${text}\n`;
}
