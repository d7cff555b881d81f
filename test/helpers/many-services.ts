/** As many as stand on the platform already, 25 or so, are made 325. */
const SERVICES = 300;
const TASKS = 10;

/**
 * Makes an engine's swarm a big one: services whose tasks all wait for a node that is not there, since those cost no
 * containers. Named `many-000` and so on, in ten stacks.
 */
export async function makeManyServices(url: string): Promise<void> {
  for (let number = 0; number < SERVICES; number++) {
    const stack = { 'com.docker.stack.namespace': `stack-${number % 10}` };
    const spec = {
      Name: `many-${String(number).padStart(3, '0')}`,
      Labels: stack,
      TaskTemplate: {
        ContainerSpec: { Image: 'redis:7-alpine', Command: ['sleep', '100000'], Env: ['A=1', 'B=2'], Labels: stack },
        Resources: { Limits: { MemoryBytes: 2 ** 26 }, Reservations: {} },
        RestartPolicy: { Condition: 'any', Delay: 2e9 },
        Placement: { Constraints: ['node.labels.disk==none'] },
      },
      Mode: { Replicated: { Replicas: TASKS } },
      EndpointSpec: { Mode: 'dnsrr' },
    };
    const body = JSON.stringify(spec);
    const answer = await fetch(`${url}/services/create`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${spec.Name}: ${await answer.text()}`);
  }
}
