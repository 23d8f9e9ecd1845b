import { createORPCClient, ORPCError, onError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '../contract/contract.ts';
import { AppError, ErrorDocument } from '../contract/errors.ts';
import type { Port } from './port.ts';

export type EngineClient = ContractRouterClient<EngineContract>;

/** The AppError that the engine threw, as it was; anything else on the wire means that the engine is gone. */
export const errorFromWire = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ORPCError) {
    const document = ErrorDocument.safeParse(thrown.data);
    if (document.success) return AppError.fromDocument(document.data);
    return new AppError('internal', thrown.message, {}, thrown);
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') return new AppError('cancelled', 'the call was cancelled, or the engine ended', {}, thrown);
  return new AppError('engine-unreachable', thrown instanceof Error ? thrown.message : String(thrown), {}, thrown);
};

/** The contract's calls over a port. Every call rejects with an AppError. */
export const createClient = (port: Port): EngineClient =>
  createORPCClient(
    new RPCLink({
      port,
      interceptors: [
        onError((error) => {
          throw errorFromWire(error);
        }),
      ],
    }),
  );
