import { once } from 'node:events';
import { connect } from 'node:net';
import Dockerode from 'dockerode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveDocker } from '../../../src/demo/docker-api/server.ts';
import { at, DockerBed } from '../bed.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const list = async (query = '') => (await bed.ask(`/containers/json${query}`)).body as Record<string, unknown>[];
const first = async () => String((await list())[0]?.Id);
const refusal = async (path: string, method = 'POST') => {
  const reply = await bed.ask(path, { method, ...(method === 'POST' && { body: {} }) });
  return [reply.status, at(reply.body, 'message')];
};
const docker = () => {
  const { hostname, port } = new URL(bed.api.host.replace('tcp:', 'http:'));
  return new Dockerode({ host: hostname, port: Number(port) });
};

describe('a container', () => {
  it('is found by id, by a part of it and by name, and told in whole', async () => {
    const id = await first();
    const { body } = await bed.ask(`/containers/${id.slice(0, 12)}/json`);
    expect(at(body, 'Id')).toBe(id);
    expect(at(body, 'State', 'Running')).toBe(true);
    const byName = await bed.ask(`/containers${at(body, 'Name')}/json`);
    expect(at(byName.body, 'Id')).toBe(id);
    expect(await refusal('/containers/zzz/json', 'GET')).toEqual([404, 'No such container: zzz']);
  });

  it('hands out its log in frames', async () => {
    const { bytes } = await bed.ask(`/containers/${await first()}/logs?stdout=1&stderr=1&tail=2&timestamps=1`);
    expect([bytes[0] === 1 || bytes[0] === 2, bytes.readUInt32BE(4) > 10]).toEqual([true, true]);
    expect(bytes.subarray(8, 32).toString()).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('that is killed is followed by another', async () => {
    const id = await first();
    expect((await bed.ask(`/containers/${id}/kill`, { method: 'POST' })).status).toBe(204);
    expect((await list()).map(each => each.Id)).not.toContain(id);
    const { task } = (await list('?all=1'))
      .map(each => ({ id: each.Id, task: at(each, 'Labels', 'com.docker.swarm.service.id') }))
      .find(each => each.id === id)!;
    const running = () =>
      bed.world.swarm.store.tasksOf(String(task)).filter(each => each.Status.State === 'running').length;
    bed.until(() => running() === 1);
    expect((await bed.ask(`/containers/${id}/stop`, { method: 'POST' })).status).toBe(304);
    expect(await refusal(`/containers/${id}/kill`)).toEqual([409, expect.stringContaining('is not running')]);
  });

  it('is removed when it has ended, or by force', async () => {
    const id = await first();
    expect((await refusal(`/containers/${id}`, 'DELETE'))[0]).toBe(409);
    expect((await bed.ask(`/containers/${id}?force=1`, { method: 'DELETE' })).status).toBe(204);
    expect((await bed.ask(`/containers/${id}/json`)).status).toBe(404);
  });
});

describe('exec', () => {
  it('runs a command, and tells how it ended', async () => {
    const exec = await docker()
      .getContainer(await first())
      .exec({
        Cmd: ['sh', '-c', 'echo out; nope; exit 4'],
        AttachStdout: true,
        AttachStderr: true,
      });
    const stream = await exec.start({ hijack: true, stdin: true });
    const chunks: Buffer[] = [];
    stream.on('data', chunk => chunks.push(chunk));
    await once(stream, 'end');
    const bytes = Buffer.concat(chunks);
    expect([bytes[0], bytes.readUInt32BE(4), bytes.subarray(8, 12).toString()]).toEqual([1, 4, 'out\n']);
    expect([bytes[12], bytes.subarray(20).toString()]).toEqual([2, 'sh: nope: not found\n']);
    expect(await exec.inspect()).toMatchObject({ Running: false, ExitCode: 4 });
  });

  it('opens a shell in a terminal that can be resized', async () => {
    const exec = await docker()
      .getContainer(await first())
      .exec({ Cmd: ['sh'], Tty: true, AttachStdin: true });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
    let shown = '';
    stream.on('data', chunk => {
      shown += chunk;
    });
    await vi.waitFor(() => expect(shown).toBe('/ # '));
    await exec.resize({ w: 120, h: 40 });
    stream.write('stty size\r');
    await vi.waitFor(() => expect(shown).toContain('40 120\r\n/ # '));
    expect(await exec.inspect()).toMatchObject({ Running: true, ExitCode: null });
    stream.write('exit 0\r');
    await once(stream, 'end');
    expect(await exec.inspect()).toMatchObject({ Running: false, ExitCode: 0 });
  });

  it('comes as a body to who takes over no connection', async () => {
    const made = await bed.ask(`/containers/${await first()}/exec`, { method: 'POST', body: { Cmd: ['echo', 'hi'] } });
    expect(made.status).toBe(201);
    const id = at(made.body, 'Id');
    const { bytes } = await bed.ask(`/exec/${id}/start`, { method: 'POST', body: {} });
    expect(bytes.subarray(8).toString()).toBe('hi\n');
    const again = await bed.ask(`/exec/${id}/start`, { method: 'POST', body: {} });
    expect(again.bytes.subarray(8).toString()).toBe(`exec command ${id} has already run\r\n`);
    expect((await bed.ask(`/exec/${id}/resize?h=1&w=1`, { method: 'POST' })).status).toBe(404);
  });

  it('is refused where there is nothing to run', async () => {
    const vi = await docker()
      .getContainer(await first())
      .exec({ Cmd: ['vi'], AttachStdout: true });
    const stream = await vi.start({ hijack: true, stdin: false });
    let told = '';
    stream.on('data', chunk => {
      told += chunk;
    });
    await once(stream, 'end');
    expect(told).toContain('exec: "vi": executable file not found in $PATH');
    expect(await vi.inspect()).toMatchObject({ ExitCode: 127 });
    expect(await refusal('/exec/zzz/json', 'GET')).toEqual([404, 'No such exec instance: zzz']);
    const socket = connect(Number(new URL(bed.api.host).port), '127.0.0.1');
    socket.write(
      'POST /exec/zzz/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}',
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 404 Not Found/);
  });
});

describe('the engine of a worker', () => {
  it('knows its own containers, and of the swarm only that it is no manager', async () => {
    const worker = await serveDocker(bed.world, 'vps-2');
    try {
      const { hostname, port } = new URL(worker.host.replace('tcp:', 'http:'));
      const other = new Dockerode({ host: hostname, port: Number(port) });
      const there = (await other.listContainers()).map(each => each.Id);
      expect(there.length).toBeGreaterThan(3);
      expect((await list()).filter(each => there.includes(String(each.Id)))).toEqual([]);
      expect(await other.info()).toMatchObject({ Name: 'vps-2', Swarm: { ControlAvailable: false } });
      await expect(other.listServices()).rejects.toMatchObject({
        statusCode: 503,
        message: expect.stringContaining("Worker nodes can't be used to view or modify cluster state."),
      });
    } finally {
      await worker.close();
    }
  });
});
