import { PassThrough } from 'node:stream';
import { Attach, Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, KubernetesBed } from '../bed.ts';

let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

function configOf(token = 'the-token'): KubeConfig {
  const config = new KubeConfig();
  const cluster = { name: 'demo', server: bed.api.url, caData: Buffer.from(bed.api.certificate).toString('base64') };
  config.loadFromClusterAndUser(cluster as never, { name: 'demo', token });
  return config;
}

interface Run {
  stdout: string;
  stderr: string;
  status: V1Status | null;
  stdin: PassThrough;
}

async function start(command: string[], { tty = false, token = 'the-token', pod = 'redis-0' } = {}): Promise<Run> {
  const [out, err, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  if (tty) Object.assign(out, { columns: 101, rows: 33 });
  const run: Run = { stdout: '', stderr: '', status: null, stdin };
  out.on('data', text => {
    run.stdout += text;
  });
  err.on('data', text => {
    run.stderr += text;
  });
  const exec = new Exec(configOf(token));
  const socket = await exec.exec('saasodoo', pod, 'redis', command, out, tty ? null : err, stdin, tty, status => {
    run.status = status;
  });
  socket.on('error', () => {}); // ended by the server
  return run;
}

describe('exec', () => {
  it('runs a command, and tells how it ended', async () => {
    const run = await start(['sh', '-c', 'echo one "two  three"; ls; nope || echo $HOSTNAME; exit 3']);
    await vi.waitFor(() => expect(run.status).not.toBeNull());
    expect(run.stdout).toMatch(/^one two {2}three\nbin\n/);
    expect(run.stdout).toMatch(/redis-0\n$/);
    expect(run.stderr).toBe('sh: nope: not found\n');
    expect(run.status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with non-zero exit code: command terminated with exit code 3',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
    const good = await start(['cat']);
    good.stdin.end(`${'x'.repeat(70_000)}\n`);
    await vi.waitFor(() => expect(good.status).toMatchObject({ status: 'Success' }));
    expect(good.stdout).toHaveLength(70_001);
  });

  it('opens a shell in a terminal: echo, prompt, resize, exit', async () => {
    const run = await start(['sh'], { tty: true });
    await vi.waitFor(() => expect(run.stdout).toBe('/ # '));
    run.stdin.write('echo hix\x7f\r');
    await vi.waitFor(() => expect(run.stdout).toBe('/ # echo hix\b \b\r\nhi\r\n/ # '));
    run.stdin.write('stty size\r');
    await vi.waitFor(() => expect(run.stdout).toContain('\r\n33 101\r\n/ # '));
    run.stdin.write('exit 0\r');
    await vi.waitFor(() => expect(run.status).toMatchObject({ status: 'Success' }));
  });

  it('attaches to what a pod runs, which ends with it', async () => {
    const spec = { restartPolicy: 'Never', containers: [{ name: 'sh', image: 'busybox', stdin: true }] };
    await bed.ask('/api/v1/namespaces/saasodoo/pods', { method: 'POST', body: { metadata: { name: 'debug' }, spec } });
    const debug = () => bed.world.cluster.store.get('pods', 'saasodoo', 'debug');
    bed.until(() => debug()?.status.phase === 'Running');
    const [out, stdin] = [new PassThrough(), new PassThrough()];
    await new Attach(configOf()).attach('saasodoo', 'debug', 'sh', out, null, stdin, false);
    stdin.end('echo hello\nexit 7\n');
    await vi.waitFor(() => expect(String(out.read() ?? '')).toBe('hello\n'));
    await vi.waitFor(() => expect(debug()?.status.phase).toBe('Failed'));
    expect(debug()?.status.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(7);
  });

  it('says when there is no such program', async () => {
    const run = await start(['vi']);
    await vi.waitFor(() => expect(run.status?.status).toBe('Failure'));
    expect(run.status?.message).toContain('exec: "vi": executable file not found in $PATH');
  });

  it('is refused to who may only look, where nothing runs, and without an upgrade', async () => {
    await expect(start(['ls'], { token: 'the-viewers-token' })).rejects.toThrow('403');
    await expect(start(['ls'], { pod: 'redis-9' })).rejects.toThrow('404');
    const plain = await bed.ask('/api/v1/namespaces/saasodoo/pods/redis-0/exec?command=ls');
    expect([plain.status, at(plain.body, 'message')]).toEqual([400, 'Upgrade request required']);
  });
});
