import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { runInPod } from '../../src/sources/exec-read.ts';
import { PodDoor } from '../../src/sources/kube-stream.ts';
import { PortForwardStream } from '../../src/sources/port-forward.ts';
import { given } from './given.ts';
import { NAMESPACE } from './kubernetes-bed.ts';

const SOON = { deadlineMs: 15_000 };

/**
 * The ways into pods, through a server that translates between its clients' protocol and its kubelets'. Only of the real
 * system: the embedded one's pods run no processes, and nothing of the embedded platform is reached through them.
 */
export function kubernetesStreams(): void {
  const at = (selector: string, variable = 'QD_KUBECONFIG') => ({
    kubeconfig: given(variable),
    namespace: NAMESPACE,
    selector: `app.kubernetes.io/name=${selector}`,
  });

  describe('runs reading commands in pods:', () => {
    it('with all that they print', async () => {
      const argv = ['find', '/usr/share/doc', '-maxdepth', '1'];
      const { code, stdout, stderr, timedOut } = await runInPod(at('user-service'))(argv, SOON);
      expect({ code, stderr, timedOut }).toEqual({ code: 0, stderr: '', timedOut: false });
      expect(stdout).toBe(execFileSync('find', argv.slice(1), { encoding: 'utf8' }));
      expect(stdout.length).toBeGreaterThan(1_000);
    });

    it('with their exit code and their errors', async () => {
      const { code, stdout, stderr } = await runInPod(at('user-service'))(['find', '/no/such/folder'], SOON);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('No such file or directory');
    });

    it('and says why it cannot: no such pod, no right', async () => {
      const run = (name: string, argv: string[], variable?: string) => runInPod(at(name, variable))(argv, SOON);
      await expect(run('nobody', ['find', '/'])).rejects.toThrow(/none of 0 pods is ready/);
      await expect(run('user-service', ['find', '/'], 'QD_KUBECONFIG_LIMITED')).rejects.toThrow(
        /not allowed \(403\): the right "create" on pods\/exec is missing/,
      );
    });
  });

  describe('reaches ports of pods:', () => {
    it('with the bytes of both sides', async () => {
      const stream = new PortForwardStream(new PodDoor(at('user-service')), 8001).connect();
      await once(stream, 'connect');
      stream.write('GET / HTTP/1.1\r\nHost: pod\r\n\r\n');
      expect(await text(stream)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)+hello from saasodoo\/user-service-/);
    });

    it('and says when nobody listens there', async () => {
      const stream = new PortForwardStream(new PodDoor(at('user-service')), 4).connect();
      await expect(text(stream)).rejects.toThrow(/forwarding 4 -> 4: .*failed to connect/);
    });
  });
}
