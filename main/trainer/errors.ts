import { AppError } from '../contract/errors.ts';
import { MlError } from '../../ml/errors.ts';

/** Any thrown thing as the app's error: ml's codes are codes of the app's table. */
export const appErrorOf = (thrown: unknown): AppError => (thrown instanceof MlError ? new AppError(thrown.code, thrown.message, { ...thrown.details }, thrown) : AppError.of(thrown));
