/** Services as a client writes them for the engine's API; each ends quickly when it is told to. */

const SECOND = 1e9;
/** Both sides have it, in two versions: it runs for ever, and writes a line a second. */
export const APP = 'bed/app:1';
export const APP_2 = 'bed/app:2';

interface Container {
  Image: string;
  Command?: string[];
  Healthcheck?: { Test: string[]; Interval: number; Timeout: number; Retries: number };
}

interface Extra {
  mode?: object;
  placement?: { Constraints: string[] };
  resources?: object;
  update?: object;
  labels?: Record<string, string>;
}

export function service(name: string, container: Partial<Container>, extra: Extra = {}): object {
  const { mode = { Replicated: { Replicas: 1 } }, placement, resources, update, labels } = extra;
  return {
    Name: name,
    Labels: labels ?? {},
    TaskTemplate: {
      ContainerSpec: { Image: APP, StopGracePeriod: SECOND, ...container },
      RestartPolicy: { Condition: 'Replicated' in mode || 'Global' in mode ? 'any' : 'none', Delay: SECOND },
      ...(placement && { Placement: placement }),
      ...(resources && { Resources: resources }),
    },
    Mode: mode,
    ...(update && {
      UpdateConfig: { Parallelism: 1, Monitor: 2 * SECOND, ...update },
      RollbackConfig: { Parallelism: 0, Monitor: SECOND },
    }),
  };
}

/** It ends at once, and so again and again. */
export const CRASHES: Partial<Container> = { Command: ['sh', '-c', 'echo boom >&2; exit 1'] };

/** Its health check never passes, and it ends badly when it is told to end for that. */
export const SICK: Partial<Container> = {
  Command: ['sh', '-c', 'trap "exit 137" TERM; while :; do sleep 1 & wait $!; done'],
  Healthcheck: { Test: ['CMD', 'false'], Interval: SECOND, Timeout: SECOND, Retries: 2 },
};

export const DONE: Partial<Container> = { Command: ['true'] };

export const replicas = (count: number) => ({ Replicated: { Replicas: count } });
