import type { Node } from '../model/entity.ts';
import { type Client, Unreached } from '../sources/client.ts';
import { why } from './attempt.ts';
import { type Subject, Unfit } from './verb.ts';

/**
 * Who speaks to the engine of a node: a manager does not reach the containers of the others. Throws an Unfit that says
 * why it is not reached, and the command `byHand` on that machine.
 */
export async function engineOn(
  node: Node,
  { fleet, client, signal }: Pick<Subject, 'fleet' | 'client' | 'signal'>,
  byHand: string,
): Promise<Client> {
  try {
    return (await fleet.source(node.source)?.engine?.(node, signal)) ?? client;
  } catch (error) {
    if (!(error instanceof Unreached)) throw error;
    throw new Unfit(`the engine of ${node.name} is not reached: ${why(error)}. By hand: ${error.ssh} ${byHand}`);
  }
}

/** The docker command for an engine, with what leads it there where that is not the engine of the source. */
export function dockerOf(engine: Client, source: Client): string {
  return ['docker', ...(engine === source ? [] : (engine.flags ?? []))].join(' ');
}
