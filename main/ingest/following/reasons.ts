import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { SourceReason, SourceReasonCode, SourceState } from '../../contract/sources.ts';

/** How a source stands after a round. */
export interface Standing {
  state: SourceState;
  reason: SourceReason | null;
  message: string | null;
}

/** What is told of a source when something keeps it from going on. */
export interface Trouble {
  state: SourceState;
  reason: SourceReason;
  message: string;
}

const systemReasons: Partial<Record<string, SourceReasonCode>> = {
  ENOENT: 'not-there',
  ENOTDIR: 'not-there',
  EBUSY: 'in-use',
  ETXTBSY: 'in-use',
  EAGAIN: 'in-use',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EIO: 'share-lost',
  ESTALE: 'share-lost',
  ENODEV: 'share-lost',
  ENOTCONN: 'share-lost',
  EHOSTDOWN: 'share-lost',
  EHOSTUNREACH: 'share-lost',
  ENETUNREACH: 'share-lost',
  ETIMEDOUT: 'no-answer',
};

const sentences: Partial<Record<SourceReasonCode, string>> = {
  'not-there': 'is not there',
  'in-use': 'is in use by another program',
  'not-permitted': 'may not be read by this user',
  'share-lost': "can't be reached: the share or the disk that it lies on is gone",
  'no-answer': "doesn't answer",
};

const heldReasons: Partial<Record<ErrorCode, SourceReasonCode>> = { 'disk-full': 'disk-full', 'plant-locked': 'plant-locked', 'plant-damaged': 'plant-damaged' };

/** The operating system's own code of what was thrown; empty where it isn't one of its errors. */
export const systemCode = (thrown: unknown): string => {
  const cause = thrown instanceof AppError ? thrown.cause : thrown;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
};

/** A followed place that can't be read now. */
export const placeTrouble = (path: string, thrown: unknown): Trouble => {
  const system = systemCode(thrown);
  const code = systemReasons[system];
  if (code) return { state: 'unreachable', reason: { code, details: { path, system } }, message: `${path} ${sentences[code] ?? "can't be read"} (${system}); it is tried again` };
  const error = AppError.of(thrown);
  const known: SourceReasonCode = error.code === 'file-not-understood' || error.code === 'mapping-invalid' ? error.code : error.code === 'not-found' ? 'profile-missing' : 'internal';
  return { state: 'failed', reason: { code: known, details: { path } }, message: error.message };
};

/** The plant's own storage takes nothing now. What wasn't stored is read again from the stored position. */
export const storeTrouble = (path: string, error: AppError): Trouble => {
  const isReadOnly = String(error.details['sqlite'] ?? '').startsWith('SQLITE_READONLY');
  const code = heldReasons[error.code] ?? (isReadOnly ? 'folder-read-only' : error.code === 'file-unreadable' ? 'storage-failed' : 'internal');
  const state = code === 'internal' ? 'failed' : 'held';
  return { state, reason: { code, details: { path } }, message: `nothing can be stored now: ${error.message}; ${path} goes on from where it was read to` };
};
