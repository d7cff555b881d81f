import type { HttpAnswer, HttpAsked } from './http-services.ts';
import type { PoolShape } from './shape.ts';
import type { World } from './world.ts';

const CHECKED_EVERY_MS = 300_000;

/** The database-service's own addresses (below `/database` of the API host); null for all others. */
export function databaseService(world: World, { method, path, body }: HttpAsked): HttpAnswer | null {
  const { pools } = world.shape;
  const route = `${method} ${path}`;
  if (route === 'GET /health/database') return { body: { status: 'healthy', database: 'connected' } };
  if (route === 'GET /health/docker') return { body: { status: 'healthy', docker: 'connected' } };
  if (route === 'GET /api/database/admin/pools') {
    return { body: { pools: pools.map(pool => poolOf(world, pool)), total_count: pools.length } };
  }
  if (route === 'GET /api/database/admin/stats') return { body: statsOf(pools) };
  if (route === 'POST /api/database/admin/provision-pool') {
    const { max_instances = 50 } = body;
    const task_id = `demo-${world.timeline.now}`;
    return { code: 202, body: { task_id, message: 'Pool provisioning started', max_instances } };
  }
  const [, id, check] = /^\/api\/database\/admin\/pools\/([^/]+)(\/health-check)?$/.exec(path) ?? [];
  if (!id) return null;
  const pool = pools.find(each => each.id === id);
  if (!pool) return { code: 404, body: { detail: `Pool ${id} not found` } };
  if (method === 'GET' && !check) return { body: detailsOf(world, pool) };
  // A placeholder, as the real one: nothing is asked of the pool.
  if (method === 'POST' && check) {
    const { status, healthStatus } = pool;
    const message = 'Health check completed';
    return {
      body: { pool_id: id, status, health_status: healthStatus, message, checked_at: moment(world.timeline.now) },
    };
  }
  return null;
}

function poolOf(world: World, pool: PoolShape) {
  return {
    id: pool.id,
    name: pool.name,
    server_type: 'shared',
    status: pool.status,
    health_status: pool.healthStatus,
    current_instances: pool.recorded,
    max_instances: pool.maxInstances,
    capacity_percentage: (pool.recorded / pool.maxInstances) * 100,
    host: pool.host,
    port: pool.port,
    postgres_version: '18',
    cpu_limit: '2',
    memory_limit: '4G',
    created_at: moment(world.startedAt - pool.ageSeconds * 1000),
    last_health_check: moment(checkedAt(world)),
  };
}

function detailsOf(world: World, pool: PoolShape) {
  const isSwarm = pool.system === 'swarm';
  const service = isSwarm ? world.swarm.store.list('service').find(each => each.Spec.Name === pool.name) : null;
  return {
    pool: poolOf(world, pool),
    swarm_service_id: service?.ID ?? null,
    swarm_service_name: isSwarm ? pool.name : null,
    storage_path: pool.storagePath,
    allocated_storage_gb: 200,
    provisioned_at: moment(world.startedAt - pool.ageSeconds * 1000),
    last_allocated_at: moment(world.startedAt - 3 * 86_400_000),
  };
}

function statsOf(pools: PoolShape[]) {
  const total_capacity = pools.reduce((sum, each) => sum + each.maxInstances, 0);
  const total_used = pools.reduce((sum, each) => sum + each.recorded, 0);
  return {
    total_pools: pools.length,
    active_pools: pools.filter(each => each.status === 'active').length,
    total_capacity,
    total_used,
    overall_utilization: (total_used / total_capacity) * 100,
    by_status: { active: pools.length },
    by_type: { shared: pools.length },
  };
}

function checkedAt({ still, startedAt, timeline }: World): number {
  const now = still ? startedAt : timeline.now;
  return now - (now % CHECKED_EVERY_MS);
}

function moment(ms: number): string {
  return new Date(ms).toISOString();
}
