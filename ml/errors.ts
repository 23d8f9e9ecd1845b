import { z } from 'zod';

/** What can go wrong in ml, as codes of the app's error table (main/contract/errors.ts); the processes map them one to one. */
export const MlErrorCode = z.enum([
  'input-invalid',
  'too-little-data',
  'no-labels',
  'task-not-supported',
  'training-diverged',
  'model-damaged',
  'no-backend',
  'cancelled',
]);
export type MlErrorCode = z.infer<typeof MlErrorCode>;

export type MlErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** The one error class of ml. It says what, where and what to do; whoever runs ml turns it into the app's error. */
export class MlError extends Error {
  readonly code: MlErrorCode;
  readonly details: MlErrorDetails;

  constructor(code: MlErrorCode, message: string, details: MlErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MlError';
    this.code = code;
    this.details = details;
  }
}
