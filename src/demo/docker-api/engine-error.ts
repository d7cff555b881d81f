/** A refusal in the engine's own words. */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function notFound(kind: string, id: string): EngineError {
  return new EngineError(404, `${kind} ${id} not found`);
}

/** What the managers refuse comes through the engine with the words of their RPC. */
export function refused(code: number, status: string, why: string): EngineError {
  return new EngineError(code, `rpc error: code = ${status} desc = ${why}`);
}

/** The version that a writer names must be the newest: an answer of 500, not 409. */
export function outOfSequence(): EngineError {
  return refused(500, 'Unknown', 'update out of sequence');
}
