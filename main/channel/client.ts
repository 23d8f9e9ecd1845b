import { createORPCClient, mapEventIterator, ORPCError } from '@orpc/client';
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
    if (thrown.code === 'NOT_FOUND') return new AppError('not-found', 'the engine has no such call; window and engine are of different versions', {}, thrown);
    return new AppError('internal', thrown.message, {}, thrown);
  }
  return new AppError('engine-unreachable', thrown instanceof Error ? thrown.message : String(thrown), {}, thrown);
};

const isStream = (answer: unknown): answer is AsyncIterator<unknown, unknown> => typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

/** The contract's calls over a port. Every call, and every stream, rejects with an AppError; once the port has ended, at once. */
export const createClient = (port: Port): EngineClient => {
  let ended = false;
  port.on('close', () => {
    ended = true;
  });
  const told = (thrown: unknown, signal: AbortSignal | undefined): AppError => {
    if (signal?.aborted === true) return new AppError('cancelled', 'the call was given up', {}, thrown);
    if (ended && !(thrown instanceof ORPCError)) return new AppError('engine-unreachable', 'the engine ended before it answered', {}, thrown);
    return errorFromWire(thrown);
  };
  return createORPCClient(
    new RPCLink({
      port,
      interceptors: [
        async ({ next, signal }) => {
          if (ended) throw new AppError('engine-unreachable', 'the engine is gone; it is being started again');
          try {
            const answer = await next();
            if (!isStream(answer)) return answer;
            return mapEventIterator(answer, { value: (value) => Promise.resolve(value), error: (thrown) => Promise.resolve(told(thrown, signal)) });
          } catch (thrown) {
            throw told(thrown, signal);
          }
        },
      ],
    }),
  );
};
