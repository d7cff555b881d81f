import { type Scenario, word } from './scenario.ts';

export const poolFull: Scenario = {
  name: 'pool-full',
  title: 'all connections of a pool are taken (postgres-pool-2)',
  seconds: 120,
  async start({ postgres }, options) {
    if (!postgres) throw new Error('the demo runs without PostgreSQL');
    const name = word(options, 'pool', 'postgres-pool-2');
    if (!postgres.servers.has(name)) throw new RangeError(`there is no pool ${name}`);
    await postgres.full(name);
    return () => postgres.eased(name);
  },
};
