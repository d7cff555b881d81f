import { askJson } from './ask-http.ts';

/** What `docker node ls`, `docker service ls` and `docker service ps` print, from the engine's own answers. */
export interface SwarmTruth {
  nodes: { ID: string; Spec: { Availability: string }; Description: { Hostname: string }; Status: { State: string } }[];
  services: {
    ID: string;
    Spec: { Name: string };
    Version: { Index: number };
    ServiceStatus: { RunningTasks: number; DesiredTasks: number };
  }[];
  tasks: {
    ID: string;
    ServiceID: string;
    NodeID?: string;
    Slot?: number;
    DesiredState: string;
    Status: { State: string };
  }[];
}

/** `host` as DOCKER_HOST has it: unix:///path or tcp://host:port without TLS. */
export async function swarmTruth(host: string): Promise<SwarmTruth> {
  const { protocol, hostname, port, pathname } = new URL(host);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  const ask = (path: string) => askJson({ ...where, path: `/v1.41${path}` });
  const [nodes, services, tasks] = await Promise.all([ask('/nodes'), ask('/services?status=true'), ask('/tasks')]);
  return { nodes, services, tasks } as SwarmTruth;
}
