import { z } from 'zod';

/** What a code means for whoever meets it. `remedy` is the key of a message in the renderer and of a sentence in the command line. */
export interface ErrorTraits {
  readonly severity: 'info' | 'warning' | 'error';
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retry: boolean;
  /** Exit code of the command line: 1 the work failed, 2 wrong use. */
  readonly exitCode: 1 | 2;
  readonly httpStatus: number;
}

const traits = (severity: ErrorTraits['severity'], retry: boolean, exitCode: 1 | 2, httpStatus: number): ErrorTraits => ({ severity, retry, exitCode, httpStatus });

/** The one table of error codes. Words stand in the messages, never here. */
export const errorTable = {
  'input-invalid': traits('error', false, 2, 400),
  'not-found': traits('error', false, 1, 404),
  'version-mismatch': traits('error', false, 1, 409),
  'plant-locked': traits('error', true, 1, 409),
  'plant-newer': traits('error', false, 1, 409),
  'plant-damaged': traits('error', false, 1, 500),
  'disk-full': traits('error', true, 1, 507),
  'file-unreadable': traits('error', true, 1, 422),
  'file-not-understood': traits('error', false, 1, 422),
  'mapping-invalid': traits('error', false, 2, 422),
  'too-little-data': traits('warning', false, 1, 422),
  'no-labels': traits('warning', false, 1, 422),
  'task-not-supported': traits('warning', false, 1, 422),
  'training-diverged': traits('error', false, 1, 500),
  'run-cut': traits('warning', true, 1, 409),
  'model-damaged': traits('error', false, 1, 422),
  'no-backend': traits('error', false, 1, 503),
  'process-ended': traits('error', true, 1, 503),
  'engine-unreachable': traits('error', true, 1, 503),
  'state-conflict': traits('warning', false, 1, 409),
  'cron-invalid': traits('error', false, 2, 422),
  'cancelled': traits('info', false, 1, 499),
  'internal': traits('error', false, 1, 500),
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof errorTable;
export const ErrorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);

/** An error as it crosses a process border or lies in a job's row. `message` says what, where and what to do, in English. */
export const ErrorDocument = z.strictObject({
  code: ErrorCode,
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type ErrorDocument = z.infer<typeof ErrorDocument>;
export type ErrorDetails = ErrorDocument['details'];

/** The one error class of the app. A 'fault' or a 'failure' belongs to a machine. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  get traits(): ErrorTraits {
    return errorTable[this.code];
  }

  toDocument(): ErrorDocument {
    return { code: this.code, message: this.message, details: this.details };
  }

  static fromDocument(document: ErrorDocument): AppError {
    return new AppError(document.code, document.message, document.details);
  }

  /** Any thrown thing as an AppError: an AppError stays itself, all else is a bug and becomes 'internal'. */
  static of(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (thrown instanceof Error) return new AppError('internal', thrown.message, {}, thrown);
    return new AppError('internal', String(thrown));
  }
}
