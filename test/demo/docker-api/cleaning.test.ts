import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, DockerBed } from '../bed.ts';
import { filters } from './event-lines.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'calm' }).open();
});
afterEach(() => bed.api.close());

const post = async (path: string, body: object = {}) => (await bed.ask(path, { method: 'POST', body })).body;
const usage = async () => (await bed.ask('/system/df')).body;
const sum = (list: unknown, field: string, of: (each: unknown) => boolean = () => true) =>
  (list as unknown[]).filter(of).reduce<number>((total, each) => total + Number(at(each, field)), 0);

describe('cleaning up', () => {
  it('takes ended containers, and what it says it freed is what they held', async () => {
    const ended = sum(at(await usage(), 'Containers'), 'SizeRw', each => at(each, 'State') === 'exited');
    const count = (await bed.ask('/containers/json')).body as unknown[];
    expect(ended).toBeGreaterThan(0);
    const pruned = await post('/containers/prune');
    expect(at(pruned, 'SpaceReclaimed')).toBe(ended);
    expect((await bed.ask('/containers/json')).body).toHaveLength(count.length);
    expect((await bed.ask('/containers/json?all=1')).body).toHaveLength(count.length);
    expect(await post('/containers/prune')).toEqual({ ContainersDeleted: null, SpaceReclaimed: 0 });
  });

  it('takes images without a name, or all that no container has', async () => {
    await post('/containers/prune');
    const images = at(await usage(), 'Images');
    const isNameless = (each: unknown) => at(each, 'RepoTags', 0) === undefined;
    const nameless = sum(images, 'Size', isNameless);
    expect(nameless).toBeGreaterThan(0);
    expect(at(await post('/images/prune'), 'SpaceReclaimed')).toBe(nameless);
    const unused = sum(images, 'Size', each => !isNameless(each) && at(each, 'Containers') === 0);
    expect(unused).toBeGreaterThan(0);
    expect(at(await post(`/images/prune?${filters({ dangling: ['false'] })}`), 'SpaceReclaimed')).toBe(unused);
    expect(sum(at(await usage(), 'Images'), 'Size', each => at(each, 'Containers') === 0)).toBe(0);
  });

  it('takes volumes without a name, all of them only when told to or by an old client', async () => {
    const names = async () =>
      (at((await bed.ask('/volumes')).body, 'Volumes') as unknown[]).map(each => at(each, 'Name'));
    expect(await names()).toHaveLength(3);
    await post('/volumes/prune');
    expect(await names()).toEqual(['pgadmin_sessions']);
    expect(at(await post('/volumes/create', { Name: 'a' }), 'Mountpoint')).toContain('/a/');
    await post(`/volumes/prune?${filters({ all: ['true'] })}`);
    expect(await names()).toEqual([]);
    await post('/volumes/create', { Name: 'b' });
    await post('/v1.41/volumes/prune');
    expect(await names()).toEqual([]);
  });

  it('takes networks that nobody uses, and the build cache', async () => {
    await post('/networks/create', { Name: 'left', Driver: 'overlay' });
    expect(await post('/networks/prune')).toEqual({ NetworksDeleted: ['left'] });
    const before = sum(at(await usage(), 'BuildCache'), 'Size');
    expect(before).toBeGreaterThan(0);
    expect(at(await post('/build/prune'), 'SpaceReclaimed')).toBe(before);
    expect(at(await usage(), 'BuildCache')).toEqual([]);
  });
});

describe('secrets and configs', () => {
  it('are kept, listed and removed; what a secret says is never handed out', async () => {
    const Data = btoa('not-a-secret');
    const { ID } = (await post('/secrets/create', { Name: 'key', Data, Labels: { a: 'b' } })) as { ID: string };
    const all = await bed.ask('/secrets');
    expect(all.body).toMatchObject([{ ID, Spec: { Name: 'key', Labels: { a: 'b' } } }]);
    expect(all.text).not.toContain(Data);
    const again = await bed.ask('/secrets/create', { method: 'POST', body: { Name: 'key', Data } });
    expect([again.status, at(again.body, 'message')]).toEqual([
      409,
      'rpc error: code = AlreadyExists desc = secret key already exists',
    ]);
    const { Version } = (await bed.ask('/secrets/key')).body as { Version: { Index: number } };
    const stale = await bed.ask('/secrets/key/update?version=1', { method: 'POST', body: { Name: 'key' } });
    expect(stale.status).toBe(500);
    await post(`/secrets/key/update?version=${Version.Index}`, { Name: 'key', Labels: {} });
    expect(at((await bed.ask('/secrets/key')).body, 'Spec', 'Labels')).toEqual({});
    expect((await bed.ask('/secrets/key', { method: 'DELETE' })).status).toBe(204);
    expect((await bed.ask('/secrets/key')).status).toBe(404);
    await post('/configs/create', { Name: 'settings', Data });
    expect(at((await bed.ask('/configs/settings')).body, 'Spec', 'Data')).toBe(Data);
  });
});
