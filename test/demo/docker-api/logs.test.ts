import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SwarmService, Task } from '../../../src/demo/controller/swarm/objects.ts';
import { at, DockerBed } from '../bed.ts';

const NAME = 'saasodoo_registry';
let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const service = async (name: string) => (await bed.ask(`/services/${name}`)).body as SwarmService;
const logs = async (path: string) => framesOf((await bed.ask(path)).bytes);
const taskOf = async (name: string) => bed.world.swarm.store.tasksOf((await service(name)).ID)[0] as Task;
const hostOf = ({ NodeID = '' }: Task) => bed.world.swarm.store.get('node', NodeID)?.Description.Hostname ?? '';
const scale = async (name: string, Replicas: number) => {
  const { Version, Spec } = await service(name);
  const body = { ...Spec, Mode: { Replicated: { Replicas } } };
  await bed.ask(`/services/${name}/update?version=${Version.Index}`, { method: 'POST', body });
};
const INCOMPLETE =
  'Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream. some logs could not be retrieved for the following reasons:';

describe('logs', () => {
  it('come in frames, the newest of each task, with moments and ids when asked for', async () => {
    const { headers, bytes } = await bed.ask(`/services/${NAME}/logs?stdout=1&stderr=1&tail=3&timestamps=1&details=1`);
    expect(headers['content-type']).toBe('application/vnd.docker.multiplexed-stream');
    const frames = framesOf(bytes);
    expect(frames).toHaveLength(3);
    const { NodeID, ServiceID, ID } = await taskOf(NAME);
    const ids = `com.docker.swarm.node.id=${NodeID},com.docker.swarm.service.id=${ServiceID},com.docker.swarm.task.id=${ID}`;
    for (const { stream, text } of frames) {
      expect([1, 2]).toContain(stream);
      expect(text).toMatch(new RegExp(`^2026-11-23T14:0\\d:\\d\\d\\.\\d{9}Z ${ids} \\w+: .*\\n$`));
    }
    await scale(NAME, 2);
    bed.pass(30);
    expect(await logs(`/services/${NAME}/logs?stdout=1&stderr=1&tail=3`)).toHaveLength(6);
  });

  it('come of the streams that were chosen, and one must be', async () => {
    const all = await logs(`/services/${NAME}/logs?stdout=1&stderr=1`);
    const [out, err] = await Promise.all(
      ['stdout', 'stderr'].map(stream => logs(`/services/${NAME}/logs?${stream}=1`)),
    );
    expect(all.length).toBeGreaterThan(100);
    expect(out).toEqual(all.filter(each => each.stream === 1));
    expect(err).toEqual(all.filter(each => each.stream === 2));
    expect(err?.length).toBeGreaterThan(0);
    const none = await bed.ask(`/services/${NAME}/logs`);
    expect([none.status, at(none.body, 'message')]).toEqual([
      500,
      'Bad parameters: you must choose at least one stream',
    ]);
    expect((await bed.ask('/services/nope/logs?stdout=1')).status).toBe(404);
  });

  it('of a task are those of its service alone, of a terminal without frames', async () => {
    const task = await taskOf(NAME);
    expect(await logs(`/tasks/${task.ID}/logs?stdout=1&tail=5`)).toEqual(
      await logs(`/services/${NAME}/logs?stdout=1&tail=5`),
    );
    const body = { Name: 'tty', TaskTemplate: { ContainerSpec: { Image: 'postgres:18-alpine', TTY: true } } };
    await bed.ask('/services/create', { method: 'POST', body });
    bed.pass(10);
    const { headers, text } = await bed.ask('/services/tty/logs?stdout=1&stderr=1');
    expect(headers['content-type']).toBe('application/vnd.docker.raw-stream');
    expect(text.startsWith('starting postgres:18-alpine\n')).toBe(true);
  });

  it('of a lost node are a complaint, after the lines of the others', async () => {
    await scale(NAME, 3);
    bed.pass(30);
    const task = await taskOf(NAME);
    bed.world.swarm.loseNode(hostOf(task));
    const frames = await logs(`/services/${NAME}/logs?stdout=1&stderr=1&tail=2`);
    expect(frames.map(each => each.stream === 3)).toEqual([false, false, false, false, true]);
    expect(frames.at(-1)?.text).toBe(`${INCOMPLETE} node ${task.NodeID} is not available`);
  });

  it('of a task that waits for a node say so', async () => {
    const Placement = { Constraints: ['node.role==nope'] };
    const body = { Name: 'late', TaskTemplate: { ContainerSpec: { Image: 'postgres:18-alpine' }, Placement } };
    await bed.ask('/services/create', { method: 'POST', body });
    bed.pass(5);
    const { ID } = await taskOf('late');
    expect(await logs(`/tasks/${ID}/logs?stdout=1`)).toEqual([
      { stream: 3, text: `${INCOMPLETE} task ${ID} has not been scheduled` },
    ]);
    expect(await logs('/services/late/logs?stdout=1')).toEqual([]);
  });

  it('are followed: each line once, those of tasks that start later too, without a complaint', async () => {
    const url = `${bed.api.host.replace('tcp:', 'http:')}/services/${NAME}/logs?stdout=1&stderr=1&follow=1&tail=0&details=1`;
    const call = request(url, { agent: false });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call.on('response', resolve);
      call.on('error', reject);
      call.end();
    });
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', () => {}); // ended below
    const seen = () => framesOf(Buffer.concat(chunks)).map(each => each.text);
    await scale(NAME, 2);
    bed.pass(30);
    bed.pass(30);
    const expected = await logs(
      `/services/${NAME}/logs?stdout=1&stderr=1&details=1&since=${bed.clock.now() / 1000 - 59}`,
    );
    expect(expected.length).toBeGreaterThan(50);
    await vi.waitFor(() => expect(seen()).toEqual(expect.arrayContaining(expected.map(each => each.text))));
    expect(new Set(seen()).size).toBe(seen().length);
    const tasks = new Set(seen().map(text => /task\.id=(\w+)/.exec(text)?.[1]));
    expect(tasks.size).toBe(2);
    call.destroy();
    await vi.waitFor(() => {
      bed.pass(1);
      expect(bed.world.timeline.next ?? Number.POSITIVE_INFINITY).toBeGreaterThan(bed.clock.now() + 600);
    });
  });
});

function framesOf(bytes: Buffer): { stream: number; text: string }[] {
  const frames: { stream: number; text: string }[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt32BE(offset + 4);
    frames.push({ stream: bytes[offset] ?? -1, text: bytes.subarray(offset + 8, offset + 8 + length).toString() });
    offset += 8 + length;
  }
  return frames;
}
