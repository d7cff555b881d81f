import type Docker from 'dockerode';

/**
 * A client for the engine at `host`, written as DOCKER_HOST is: unix:///path, tcp://name:port, ssh://user@name, also
 * http:// and https://. Without it, whatever DOCKER_HOST and its companions say, else the default socket. For a tcp
 * address the certificates are those of DOCKER_CERT_PATH. Throws when the address cannot be read.
 */
export async function dockerClient(host?: string): Promise<Docker> {
  const { default: Docker } = await import('dockerode');
  if (host === undefined) return new Docker();
  // Named even when empty: what is left out, the library takes from DOCKER_HOST.
  if (host.startsWith('unix://')) return new Docker({ socketPath: host.slice('unix://'.length), host: undefined });
  const { protocol, hostname, port, username } = new URL(host.includes('://') ? host : `tcp://${host}`);
  if (protocol === 'ssh:') {
    const sshOptions = { agent: process.env.SSH_AUTH_SOCK };
    return new Docker({
      protocol: 'ssh',
      host: hostname,
      port: port || 22,
      username: username || process.env.USER,
      sshOptions,
    });
  }
  const secure = protocol === 'https:' || port === '2376' || process.env.DOCKER_TLS_VERIFY === '1';
  const defaultPort = secure ? 2376 : 2375;
  return new Docker({ protocol: secure ? 'https' : 'http', host: hostname, port: port || defaultPort });
}
