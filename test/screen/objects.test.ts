import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { KeyMap } from '../../src/keys/table.ts';
import type { KubeObject } from '../../src/model/entity.ts';
import { Screen } from '../../src/screen/screen.ts';
import type { Catalogue, ObjectKind } from '../../src/sources/catalogue.ts';
import type { Source } from '../../src/sources/source.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { workload } from '../helpers/nouns.ts';

const kindOf = (resource: string, more: Partial<ObjectKind> = {}): ObjectKind => ({
  resource,
  group: '',
  version: 'v1',
  type: resource,
  namespaced: true,
  aliases: [],
  ...more,
});

const secret: KubeObject = {
  id: 'prod/api/v1/namespaces/shop/secrets/db',
  kind: 'object',
  name: 'db',
  source: 'prod',
  namespace: 'shop',
  type: 'Secret',
  resource: 'secrets',
  group: '',
  uid: 'u1',
  version: '7',
  createdAt: null,
  observedAt: 0,
  health: 'unknown',
  reason: null,
  labels: {},
};

let screen: Screen;
let list: ReturnType<typeof vi.fn<Catalogue['list']>>;
let kinds: ReturnType<typeof vi.fn<Catalogue['kinds']>>;

function open(namespace: string | null): void {
  const fleet = new Fleet();
  list = vi.fn<Catalogue['list']>(async () => ({
    columns: ['Name', 'Type'],
    rows: [{ cells: ['db', 'Opaque'], object: secret }],
    more: false,
  }));
  kinds = vi.fn<Catalogue['kinds']>(async () => [
    kindOf('secrets', { type: 'Secret', aliases: ['secret'] }),
    kindOf('pods', { type: 'Pod', aliases: ['po'] }),
    kindOf('roles', { type: 'Role', group: 'rbac.authorization.k8s.io' }),
    kindOf('events', { type: 'Event' }),
    kindOf('widgets', { type: 'Widget', group: 'a.example' }),
    kindOf('widgets', { type: 'Widget', group: 'b.example', namespaced: false }),
  ]);
  const source: Source = {
    name: 'prod',
    kind: 'kubernetes',
    requests: 0,
    start: sink => sink.put([workload('web')]),
    stop: async () => {},
    catalogue: () => ({ kinds, list }),
    raw: async (_, id) => ({ kind: 'Secret', metadata: { name: 'db', id }, data: { password: '********' } }),
    reveal: async () => ({ text: 'hunter2', note: 'decoded from base64' }),
  };
  fleet.watch(source);
  screen = new Screen({
    fleet,
    gateway: gatewayFor(fleet),
    keys: new KeyMap(),
    namespace,
    ascii: false,
    banner: null,
    triggers: [],
    on: {
      quit() {},
      drawn: callback => callback(),
      suspend: () => true,
      redraw() {},
      mouse() {},
      copy() {},
      trigger: async () => null,
    },
  });
  fleet.flush();
}
beforeEach(() => open('shop'));

const press = (...keys: string[]) => {
  for (const key of keys) screen.press(key);
};
const names = () => screen.paletteMatches().map(({ name }) => name);
const text = () => screen.docLines(screen.docs.at(-1)!).map(line => line.text.trimEnd());
async function choose(name: string): Promise<void> {
  press(':');
  await vi.waitFor(() => expect(names()).toContain('roles'));
  press(...name, 'Enter');
  await vi.waitFor(() => expect(text()).not.toContain('asking …'));
}

describe('the palette', () => {
  it('knows the kinds of discovery by all their names, but takes none of ours away', async () => {
    press(':');
    expect(names()).not.toContain('secrets');
    await vi.waitFor(() => expect(names()).toContain('secrets'));
    expect(names()).toEqual(expect.arrayContaining(['secret', 'roles', 'po', 'widgets', 'widgets.b.example']));
    expect(names().filter(name => name === 'pods')).toHaveLength(1);
    press(...'pods', 'Enter');
    expect(screen.panes.services.listed).toBe('replica');
    expect(list).not.toHaveBeenCalled();
    // They are kept for a while.
    press(':', 'Esc', ':');
    expect(kinds).toHaveBeenCalledTimes(1);
  });

  it('lists one as the system prints it, in the namespace that is shown', async () => {
    await choose('secrets');
    expect(list.mock.lastCall?.slice(0, 2)).toEqual([expect.objectContaining({ resource: 'secrets' }), 'shop']);
    expect(screen.docs.at(-1)?.title).toBe('secrets · prod · shop');
    expect(text().slice(0, 2)).toEqual(['NAME  TYPE', 'db    Opaque']);
    expect(text().at(-1)).toMatch(/^1 as printed at \d\d:\d\d:\d\d: it is not watched$/);
  });

  it('names the namespace of each where all are shown, and none for what stands in none', async () => {
    open(null);
    await choose('secrets');
    expect(text().slice(0, 2)).toEqual(['NAMESPACE  NAME  TYPE', 'shop       db    Opaque']);
    press('Esc');
    await choose('widgets.b.example');
    expect(list.mock.lastCall?.[1]).toBeNull();
    expect(text()[0]).toBe('NAME  TYPE');
  });

  it('says which emptiness it is', async () => {
    list.mockResolvedValueOnce({ columns: ['Name'], rows: [], more: false });
    await choose('secrets');
    expect(text()).toEqual(['None: there is no Secret here.']);
    press('Esc');
    list.mockRejectedValueOnce(new Error('list secrets on prod: forbidden'));
    await choose('secrets');
    expect(text()).toEqual(['list secrets on prod: forbidden']);
  });
});

describe('an object that is listed', () => {
  it('is under the cursor: opened raw and masked, one value told, and edited', async () => {
    await choose('secrets');
    expect(screen.selected()).toBe(secret);
    expect(screen.targets()).toEqual([secret]);
    press('Enter');
    await vi.waitFor(() => expect(text()).toContain('  password: "********"'));
    expect(screen.docs.at(-1)?.title).toBe('db: as prod has it');
    // In its own text it is still what keys are about.
    expect(screen.targets()).toEqual([secret]);
    press('G', 'X');
    while (!screen.docLines(screen.docs.at(-1)!)[screen.docs.at(-1)!.line]?.secret) press('k');
    press('X');
    await vi.waitFor(() => expect(text().join()).toContain('hunter2'));
    press('Esc', 'Esc');
    expect(screen.docs.at(-1)?.title).toBe('secrets · prod · shop');
    press('a');
    expect(screen.paletteMatches().map(({ name }) => name)).toEqual(['edit']);
  });

  it('has no details but itself, and no log', async () => {
    await choose('secrets');
    press('d');
    await vi.waitFor(() => expect(text()).toContain('kind: Secret'));
    press('Esc', 'l');
    expect(screen.message).toBe('an object writes no log of its own');
  });
});
