import { ORPCError } from '@orpc/client';
import { AppError, ErrorDocument } from '../../main/contract/errors.ts';

/** Any thing thrown by a call, as an AppError: the engine's document where there is one, else what the transport said. */
export const appErrorOf = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ORPCError) {
    const document = ErrorDocument.safeParse(thrown.data);
    if (document.success) return AppError.fromDocument(document.data);
    if (thrown.code === 'BAD_REQUEST') return new AppError('input-invalid', thrown.message, {}, thrown);
    return new AppError('internal', thrown.message, {}, thrown);
  }
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return new AppError('cancelled', 'The call was given up.', {}, thrown);
  if (thrown instanceof Error && thrown.name === 'AbortError') return new AppError('cancelled', 'The call was given up.', {}, thrown);
  return AppError.of(thrown);
};
