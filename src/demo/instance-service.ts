import { backUp, restartInstance, scaleInstance } from './controller/life.ts';
import type { HttpAnswer, HttpAsked } from './http-services.ts';
import { Random } from './random.ts';
import { backupStamp, type InstanceShape } from './shape.ts';
import type { World } from './world.ts';

/** The instance-service's own addresses (below `/instance` of the API host); null for all others. */
export function instanceService(world: World, { method, path, body }: HttpAsked): HttpAnswer | null {
  const [, monitoring] = /^\/api\/v1\/monitoring\/(start|stop|restart|reconcile|status)$/.exec(path) ?? [];
  if (monitoring === 'status' && method === 'GET') return { body: { running: true, watching: 'pods', restarts: 0 } };
  if (monitoring && method === 'POST') return { body: { status: 'ok', action: monitoring } };
  const [, id, what] = /^\/api\/v1\/instances\/([^/]+)\/(actions|backups)$/.exec(path) ?? [];
  if (!id) return null;
  const instance = world.shape.instances.find(each => each.id === id);
  if (!instance) return { code: 404, body: { detail: `Instance ${id} not found` } };
  if (what === 'backups' && method === 'GET') return { body: { backups: backupsOf(world, instance) } };
  return what === 'actions' && method === 'POST' ? act(world, instance, String(body.action)) : null;
}

function act(world: World, instance: InstanceShape, action: string): HttpAnswer {
  if (action === 'backup') backUp(world, new Random(world.timeline.now), instance);
  else if (action === 'stop') scaleInstance(world, instance, 0);
  else if (action === 'start') scaleInstance(world, instance, 1);
  else if (action === 'restart') restartInstance(world, instance);
  else return { code: 422, body: { detail: `the embedded platform does not do "${action}"` } };
  return { code: 202, body: { status: 'success', action, instance_id: instance.id } };
}

function backupsOf({ storage }: World, { databaseName }: InstanceShape) {
  return storage.backups
    .filter(each => each.databaseName === databaseName)
    .map(({ takenAt, databaseBytes, dataBytes }) => ({
      name: `${databaseName}_${backupStamp(takenAt)}`,
      created_at: new Date(takenAt).toISOString(),
      database_size: databaseBytes,
      data_size: dataBytes,
    }));
}
