import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { PassThrough } from 'node:stream';
import { KubeConfig, PortForward } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KubernetesBed } from '../bed.ts';

let bed: KubernetesBed;
let echo: Server;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
  echo = createServer(socket => socket.on('data', text => socket.write(`${text}!`)));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
afterEach(async () => {
  await bed.api.close();
  echo.close();
});

async function forward(pod: string, port: number) {
  const config = new KubeConfig();
  const cluster = { name: 'demo', server: bed.api.url, caData: Buffer.from(bed.api.certificate).toString('base64') };
  config.loadFromClusterAndUser(cluster as never, { name: 'demo', token: 'the-token' });
  const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const told = { out: '', err: '', isOver: false };
  out.on('data', text => {
    told.out += text;
  });
  err.on('data', text => {
    told.err += text;
  });
  const socket = (await new PortForward(config).portForward('saasodoo', pod, [port], out, err, input)) as WebSocket;
  socket.addEventListener('close', () => {
    told.isOver = true;
  });
  return { told, input };
}

const podOf = (name: string) =>
  bed.world.cluster.store.list('pods', 'saasodoo').find(each => each.metadata.name.startsWith(name))?.metadata.name ??
  '';

describe('a forwarded port', () => {
  it('leads to what really stands behind it, both ways, until the pod is gone', async () => {
    bed.api.dial = (pod, port) =>
      pod.metadata.name === 'redis-0' && port === 6379 ? (echo.address() as AddressInfo).port : null;
    const { told, input } = await forward('redis-0', 6379);
    input.write('PING');
    await vi.waitFor(() => expect(told.out).toBe('PING!'));
    await bed.ask('/api/v1/namespaces/saasodoo/pods/redis-0?gracePeriodSeconds=0', { method: 'DELETE' });
    await vi.waitFor(() => expect(told.isOver).toBe(true));
  });

  it('of a service answers that it is well', async () => {
    const { told, input } = await forward(podOf('user-service'), 8001);
    input.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(() => expect(told.out).toContain('{"status":"healthy","service":"user-service"}'));
  });

  it('where nothing listens says so', async () => {
    const { told } = await forward('redis-0', 1234);
    await vi.waitFor(() => expect(told.err).toContain('dial tcp4 127.0.0.1:1234: connect: connection refused'));
    await expect(forward('redis-0', 99_999)).rejects.toThrow('400');
  });
});
