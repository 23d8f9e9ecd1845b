import { oc } from '@orpc/contract';
import type { ErrorCode } from './errors.ts';

/**
 * query: reads. command: changes something and is written to the audit trail.
 * stream: a snapshot, then changes. job: answers with the job's id at once.
 */
export type CallKind = 'query' | 'command' | 'stream' | 'job';

export interface CallMeta {
  readonly kind: CallKind;
  /** The codes that a caller of this call should be ready for, beside those that any call can meet. */
  readonly errors: readonly ErrorCode[];
}

/** The start of every call of the contract: its kind and its error codes. */
export const call = (kind: CallKind, ...errors: ErrorCode[]) => oc.$meta<CallMeta>({ kind, errors });
