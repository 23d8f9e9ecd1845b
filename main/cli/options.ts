import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { Zone, type Position } from '../contract/values.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly plant?: string;
}

export const numberOption = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number.');
  return value;
};

export const positiveOption = (text: string): number => {
  const value = numberOption(text);
  if (value <= 0) throw new InvalidArgumentError('expected a number above 0.');
  return value;
};

export const wholeOption = (text: string): number => {
  const value = numberOption(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number, 0 or more.');
  return value;
};

export const zoneOption = (text: string): string => {
  const zone = Zone.safeParse(text);
  if (!zone.success) throw new InvalidArgumentError('not a time zone known here; expected a name such as Europe/Berlin.');
  return zone.data;
};

/** A cycle count, or an ISO time (UTC where it carries no offset) as microseconds. */
export const positionOption = (text: string): Position => {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const milliseconds = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.includes('T') || text.includes(' ') ? text.replace(' ', 'T') : `${text}T00:00:00`}Z`);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('expected a cycle count or an ISO time such as 2026-03-29T06:00:00Z.');
  return milliseconds * 1000;
};

/** What a person wrote, as the contract has it. @throws AppError('input-invalid') naming what does not fit */
export const checked = <S extends z.ZodType>(schema: S, written: unknown, what: string): z.infer<S> => {
  const result = schema.safeParse(written);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`));
  throw new AppError('input-invalid', `${what} does not fit: ${issues.join('; ')}`);
};

/** A JSON file that an option names. @throws AppError('file-unreadable' | 'input-invalid') */
export const jsonFile = (path: string): unknown => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('file-unreadable', `${path} can't be read; does it exist, and may this user read it?`, { path }, cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('input-invalid', `${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { path }, cause);
  }
};
