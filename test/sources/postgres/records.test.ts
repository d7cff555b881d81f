import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instanceSeen, serverRecord, shortNames } from '../../../src/sources/postgres/records.ts';

const seen = (row: Record<string, unknown>) => instanceSeen(row, { source: 'pg', short: 'acme', pool: null, at: 7 });

describe('rows', () => {
  test('of a server without anything in it are unknown, not 0', () => {
    expect(serverRecord({})).toMatchObject({
      host: null,
      port: null,
      recorded: null,
      maxInstances: null,
      status: null,
      lastCheckAt: null,
      labels: {},
    });
    expect(serverRecord({ current_instances: null, max_instances: '' })).toMatchObject({
      recorded: null,
      maxInstances: null,
    });
    expect(serverRecord({ current_instances: 0, max_instances: '50' })).toMatchObject({
      recorded: 0,
      maxInstances: 50,
    });
  });

  test('have times with a zone, without one, and none', () => {
    const at = (last_health_check: unknown) => serverRecord({ last_health_check }).lastCheckAt;
    expect(at('2026-11-23T14:02:11.5+00:00')).toBe(Date.UTC(2026, 10, 23, 14, 2, 11, 500));
    expect(at('2026-11-23T16:02:11+02:00')).toBe(Date.UTC(2026, 10, 23, 14, 2, 11));
    expect(at('2026-11-23T14:02:11.123456')).toBe(Date.UTC(2026, 10, 23, 14, 2, 11, 123));
    expect(at('infinity')).toBeNull();
    expect(at(null)).toBeNull();
  });

  test('of an instance never carry a secret in its error, and nothing that drives a terminal', () => {
    const instance = seen({ error_message: 'could not connect: password=hunter2 \u001b[2J', name: '\u202eevil' });
    expect(instance.error).not.toContain('hunter2');
    expect(instance.error).toContain('␛[2J');
    expect(instance.name).toBe('\\u202eevil');
  });

  test('have limits in the platform’s units', () => {
    expect(seen({ storage_limit: '10G' }).storageLimitBytes).toBe(10 * 1024 ** 3);
    expect(seen({ storage_limit: 'unlimited' }).storageLimitBytes).toBeNull();
  });

  test('of any shape never throw', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('id', 'name', 'port', 'storage_limit', 'created_at', 'error_message', 'labels'),
          fc.jsonValue(),
        ),
        row => {
          serverRecord(row);
          seen(row);
          shortNames([row, row]);
        },
      ),
    );
  });
});

describe('names in ids', () => {
  const id = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

  test('are the database’s, or the first 8 of the id', () => {
    expect(shortNames([{ id: id(1), database_name: 'acme' }, { id: id(2) }])).toEqual(['acme', '22222222']);
  });

  test('stay with the one that lives, whatever came before it under its name', () => {
    const rows = [
      { id: id(1), database_name: 'acme', status: 'terminated', created_at: '2026-01-03T00:00:00Z' },
      { id: id(2), database_name: 'acme', status: 'running', created_at: '2026-01-02T00:00:00Z' },
      { id: id(3), database_name: 'acme', status: 'stopped', created_at: '2026-01-01T00:00:00Z' },
    ];
    expect(shortNames(rows)).toEqual(['acme-11111111', 'acme', 'acme-33333333']);
    expect(shortNames(rows.toReversed())).toEqual(['acme-33333333', 'acme', 'acme-11111111']);
  });
});
