import { Gateway, type GatewayOptions } from '../../src/actions/gateway.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { openJournal } from '../../src/store/journal.ts';

/** A gateway whose journal is in memory. */
export function gatewayFor(fleet: Fleet, options: Partial<GatewayOptions> = {}): Gateway {
  const journal = openJournal(':memory:');
  return new Gateway({
    fleet,
    journal: () => journal,
    rules: [],
    readOnly: false,
    operator: 'tester',
    sshClient: null,
    demo: true,
    ...options,
  });
}
