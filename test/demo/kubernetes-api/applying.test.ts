import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, KubernetesBed } from '../bed.ts';

const APPS = '/apis/apps/v1/namespaces/saasodoo/deployments';
const USER = `${APPS}/user-service`;
let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const apply = (path: string, body: object | string, query: string) =>
  bed.ask(`${path}?${query}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body,
  });
const config = (spec: object, metadata: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'user-service', ...metadata },
  spec,
});
const env = (...names: string[]) => ({
  template: { spec: { containers: [{ name: 'user-service', env: names.map(name => ({ name, value: '1' })) }] } },
});
const container = () =>
  bed.world.cluster.store.get('deployments', 'saasodoo', 'user-service')?.spec.template.spec.containers[0];

describe('server-side apply', () => {
  it('makes what is not there, from YAML', async () => {
    const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: made\ndata:\n  key: value\n`;
    const path = '/api/v1/namespaces/saasodoo/configmaps/made';
    const { status, body } = await apply(path, yaml, 'fieldManager=ops');
    expect([status, at(body, 'data', 'key')]).toEqual([201, 'value']);
    expect(at(body, 'metadata', 'managedFields', 0)).toMatchObject({
      manager: 'ops',
      operation: 'Apply',
      fieldsV1: { 'f:data': { 'f:key': {} } },
    });
    expect((await apply(path, yaml, 'fieldManager=ops')).status).toBe(200);
  });

  it('sets what is named, keeps the rest, and takes back what is not named any more', async () => {
    await apply(USER, config(env('A', 'B')), 'fieldManager=ops');
    expect(container()).toMatchObject({
      image: expect.stringContaining('user-service'),
      env: [{ name: 'A' }, { name: 'B' }],
    });
    await apply(USER, config(env('B')), 'fieldManager=ops');
    expect(container()?.env).toEqual([{ name: 'B', value: '1' }]);
    // Another's are another's.
    await apply(USER, config(env('C')), 'fieldManager=dev');
    await apply(USER, config({}), 'fieldManager=ops');
    expect(container()?.env).toEqual([{ name: 'C', value: '1' }]);
  });

  it('is refused what somebody else has set otherwise, until it is forced', async () => {
    await bed.patch(`${USER}?fieldManager=hand`, { spec: { replicas: 4 } });
    const refused = await apply(USER, config({ replicas: 2 }), 'fieldManager=ops');
    expect([refused.status, at(refused.body, 'message')]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "hand" using apps/v1: .spec.replicas',
    ]);
    expect(at(refused.body, 'details', 'causes')).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "hand" using apps/v1', field: '.spec.replicas' },
    ]);
    expect((await apply(USER, config({ replicas: 4 }), 'fieldManager=ops')).status).toBe(200);
    const forced = await apply(USER, config({ replicas: 2 }), 'fieldManager=ops&force=true');
    expect([forced.status, at(forced.body, 'spec', 'replicas')]).toEqual([200, 2]);
    expect((await apply(USER, config({ replicas: 3 }), 'fieldManager=ops')).status).toBe(200);
    await bed.patch(`${USER}/scale?fieldManager=kubectl`, { spec: { replicas: 5 } });
    const scaled = await apply(USER, config({ replicas: 3 }), 'fieldManager=ops');
    expect(at(scaled.body, 'message')).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  it('is tried with dryRun, needs a name for itself, and takes no former version', async () => {
    const before = bed.world.cluster.store.revision;
    const { body } = await apply(USER, config({ replicas: 7 }), 'fieldManager=ops&dryRun=All&force=true');
    expect([at(body, 'spec', 'replicas'), bed.world.cluster.store.revision]).toEqual([7, before]);
    const nameless = await apply(USER, config({}), '');
    expect([nameless.status, at(nameless.body, 'message')]).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
    expect((await apply(USER, config({}, { resourceVersion: '1' }), 'fieldManager=ops')).status).toBe(409);
    expect((await apply(USER, '{bad', 'fieldManager=ops')).status).toBe(400);
  });
});
