import { qualified, type ResourceInfo } from '../controller/kubernetes/resources.ts';

export interface Failure {
  code: number;
  reason?: string;
  message: string;
  details?: object;
}

/** A refusal in the API server's own words, as the Status object that it sends. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }

  get body(): object {
    const { code, reason, message, details } = this.failure;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    };
  }
}

export function notFound(info: ResourceInfo, name: string): ApiError {
  const details = { name, ...groupOf(info), kind: info.plural };
  return new ApiError({ code: 404, reason: 'NotFound', message: `${qualified(info)} "${name}" not found`, details });
}

export function unknownResource(): ApiError {
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: 'BadRequest', message });
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

/** Someone else was quicker. */
export function conflict(info: ResourceInfo, name: string, why?: string): ApiError {
  const named = why
    ? { kind: info.kind, text: `${info.kind}${info.group && `.${info.group}`}` }
    : { kind: info.plural, text: qualified(info) };
  const modified = 'the object has been modified; please apply your changes to the latest version and try again';
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${named.text} "${name}": ${why ?? modified}`,
    details: { name, ...groupOf(info), kind: named.kind },
  });
}

export function alreadyExists(info: ResourceInfo, name: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(info)} "${name}" already exists`,
    details: { name, ...groupOf(info), kind: info.plural },
  });
}

const CAUSES: Record<string, string> = { 'Required value': 'FieldValueRequired', Forbidden: 'FieldValueForbidden' };

/** `why` is what follows the field's name: `Invalid value: -1: must be greater than or equal to 0`. */
export function invalid(kind: string, group: string, name: string, field: string, why: string): ApiError {
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${kind}${group && `.${group}`} "${name}" is invalid: ${field}: ${why}`,
    details: {
      ...(name && { name }),
      ...(group && { group }),
      kind,
      causes: [{ reason: CAUSES[why.split(':')[0] ?? ''] ?? 'FieldValueInvalid', message: why, field }],
    },
  });
}

export function expired(message: string): ApiError {
  return new ApiError({ code: 410, reason: 'Expired', message });
}

export function unauthorized(): ApiError {
  return new ApiError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

function groupOf({ group }: ResourceInfo): { group?: string } {
  return group ? { group } : {};
}
