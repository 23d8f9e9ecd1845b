import { ORPCError, ValidationError, type Router } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { EngineContract } from '../contract/contract.ts';
import { AppError } from '../contract/errors.ts';
import type { Port } from './port.ts';

/** Who is calling: written into the audit trail. */
export interface Caller {
  readonly actor: string;
}

const issuesOf = (error: ValidationError): string =>
  error.issues
    .map((issue) => {
      const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? String(part.key) : String(part))).join('.');
      return path === '' ? issue.message : `${path}: ${issue.message}`;
    })
    .join('; ');

/** Whatever a call threw, as an AppError: invalid input is the caller's, everything unforeseen is ours. */
export const errorOfCall = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ORPCError) {
    const invalid = thrown.cause instanceof ValidationError ? issuesOf(thrown.cause) : thrown.message;
    if (thrown.code === 'BAD_REQUEST') return new AppError('input-invalid', `the call's input does not fit the contract: ${invalid}`, {}, thrown);
    if (thrown.code === 'NOT_FOUND') return new AppError('not-found', 'there is no such call in this version of the contract', {}, thrown);
    return new AppError('internal', `the call's answer does not fit the contract: ${invalid}`, {}, thrown);
  }
  return AppError.of(thrown);
};

const toWire = (error: AppError): ORPCError<string, unknown> =>
  new ORPCError(error.code, { status: error.traits.httpStatus, message: error.message, data: error.toDocument(), defined: false });

/** Serves the router on ports. `onBug` hears of what must not happen: errors of code 'internal'. */
export const createServer = (router: Router<EngineContract, Caller>, onBug: (error: AppError) => void) => {
  const handler = new RPCHandler<Caller>(router, {
    interceptors: [
      async ({ next }) => {
        try {
          return await next();
        } catch (thrown) {
          if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
          const error = errorOfCall(thrown);
          if (error.code === 'internal') onBug(error);
          throw toWire(error);
        }
      },
    ],
  });
  return { serve: (port: Port, context: Caller): void => handler.upgrade(port, { context }) };
};
