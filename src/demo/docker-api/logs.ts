import type { Task } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { type LogLine, linesOf, type Writer } from '../log-lines.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { EngineError } from './engine-error.ts';

const STDOUT = 1;
const STDERR = 2;
/** The daemon's own complaint, in the middle of a stream. */
const SYSTEM = 3;
const FOLLOW_MS = 500;

/**
 * The logs of tasks as the engine multiplexes them: frames of 8 bytes (stream, three zeros, length) and the text.
 * `tail` counts for each task; those that ended are among them; of a lost node's tasks nothing comes but a complaint.
 */
export function streamLogs(world: World, tasksNow: () => Task[], query: URLSearchParams, open: () => Outlet): void {
  const flag = (name: string) => ['true', '1'].includes(query.get(name) ?? '');
  const streams = { stdout: flag('stdout'), stderr: flag('stderr') };
  if (!streams.stdout && !streams.stderr) {
    throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  }
  const tail = Number(query.get('tail') ?? 'all');
  const since = Number(query.get('since') || 0) * 1000;
  const write = (from: number, to: number, limit?: number) => {
    const lines = tasksNow().flatMap(task =>
      isLost(world.swarm, task)
        ? []
        : linesOf(writerOf(world.swarm, task), from, to, limit).map(line => ({ task, line })),
    );
    lines.sort((a, b) => a.line.at - b.line.at);
    for (const { task, line } of lines) {
      if (streams[line.stream]) out.write(frame(line.stream === 'stdout' ? STDOUT : STDERR, format(task, line, flag)));
    }
  };
  const out = open();
  let told = world.timeline.now;
  write(since, told, Number.isInteger(tail) && tail >= 0 ? tail : 5_000);
  const lost = [
    ...new Set(
      tasksNow()
        .filter(each => isLost(world.swarm, each))
        .map(each => each.NodeID),
    ),
  ];
  if (lost.length) {
    const why = lost.map(id => `node ${id} is not available`).join(', ');
    const text = `warning: incomplete log stream. some logs could not be retrieved for the following reasons: ${why}`;
    out.write(frame(SYSTEM, `Error grabbing logs: rpc error: code = Unknown desc = ${text}`));
  }
  if (!flag('follow')) return out.end();
  const timer = setInterval(() => {
    world.catchUp();
    const before = told;
    told = world.timeline.now;
    write(before + 1, told);
  }, FOLLOW_MS);
  out.onEnd(() => clearInterval(timer));
}

function writerOf(swarm: Swarm, task: Task): Writer {
  const { Status, Spec } = task;
  const isRunning = Status.State === 'running';
  const crash = swarm.behaviourOf(task).crash;
  const at = Date.parse(Status.Timestamp);
  const hasRun = isRunning || Status.State === 'failed' || Status.State === 'shutdown';
  const service = swarm.store.get('service', task.ServiceID);
  return {
    image: Spec.ContainerSpec.Image,
    name: `${service?.Spec.Name}.${task.Slot ?? task.NodeID}.${task.ID}`,
    startedAt: isRunning ? at : hasRun ? Date.parse(task.CreatedAt) : Number.POSITIVE_INFINITY,
    end: isRunning ? null : { at, lastLine: Status.State === 'failed' ? (crash?.lastLine ?? null) : null },
  };
}

function isLost(swarm: Swarm, task: Task): boolean {
  return task.NodeID !== undefined && swarm.downNodes.has(task.NodeID);
}

function format(task: Task, { at, text }: LogLine, flag: (name: string) => boolean): string {
  const ids = { node: task.NodeID, service: task.ServiceID, task: task.ID };
  const pairs = Object.entries(ids).map(([name, id]) => `com.docker.swarm.${name}.id=${id}`);
  const details = flag('details') ? `${pairs.join(',')} ` : '';
  const moment = flag('timestamps') ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : '';
  return `${moment}${details}${text}\n`;
}

function frame(stream: number, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}
