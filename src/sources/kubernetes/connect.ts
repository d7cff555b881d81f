import { once } from 'node:events';
import { printable } from '../../model/printable.ts';
import { streamTrouble } from '../kube-stream.ts';
import { PortForwardStream } from '../port-forward.ts';
import type { Connect } from '../streams.ts';
import type { Api } from './api.ts';

/** Connects to ports of pods through an API server. Needs the right `create` on `pods/portforward`. */
export function connectOn(api: Api): Connect {
  return async (permit, path, port, signal) => {
    permit.check();
    const on = `${printable(path.split('/').at(-1) ?? path)}:${port} of ${api.context.name}`;
    const door = {
      pod: async () => path,
      open: (_: string, request: string, receive: (channel: number, data: Buffer) => void) =>
        api.open(`${path}/${request}`, receive, signal),
    };
    const stream = new PortForwardStream(door, port).connect();
    const end = () => stream.destroy();
    signal.addEventListener('abort', end);
    stream.once('close', () => signal.removeEventListener('abort', end));
    stream.on('error', () => {}); // Whoever has it hears of its end.
    try {
      await once(stream, 'connect', { signal });
      return stream;
    } catch (error) {
      stream.destroy();
      throw signal.aborted ? signal.reason : streamTrouble(error, 'portforward', on);
    }
  };
}
