import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { Connection } from './connection.ts';
import { tellTrouble, troubleOf } from './trouble.ts';

/** What can be bound to a parameter. */
export type Bound = null | number | string | Uint8Array;
/** Positional parameters, or one object of named ones. */
export type Parameters = readonly Bound[] | readonly [Readonly<Record<string, Bound>>];

export interface Query<T> {
  /** The first row. @throws AppError('plant-damaged') when it isn't what the schema says */
  one(...parameters: Parameters): T | undefined;
  /** Every row, in order. @throws AppError('plant-damaged') */
  all(...parameters: Parameters): T[];
}

const subjectOf = (sql: string): string => /(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(sql)?.[1] ?? 'the plant';

/** A prepared query whose rows are checked once, here, and are documents from then on. */
export const query = <S extends z.ZodType>(connection: Connection, row: S, sql: string): Query<z.output<S>> => {
  const statement = connection.prepare<unknown[], unknown>(sql);
  const table = subjectOf(sql);
  const read = (found: unknown): z.output<S> => {
    const parsed = row.safeParse(found);
    if (parsed.success) return parsed.data;
    throw tellTrouble(connection, new AppError('plant-damaged', `a row of '${table}' isn't what this version expects: ${z.prettifyError(parsed.error)}; restore a backup`, { table }, parsed.error));
  };
  const guarded = <R>(run: () => R): R => {
    try {
      return run();
    } catch (thrown) {
      throw troubleOf(connection, thrown, `reading ${table}`);
    }
  };
  return {
    one: (...parameters) => {
      const found = guarded(() => statement.get(...parameters));
      return found === undefined ? undefined : read(found);
    },
    all: (...parameters) => guarded(() => statement.all(...parameters)).map(read),
  };
};

/** A prepared query of one BLOB by numbers, for the bodies that are read by the thousand: no row object, no schema. */
export const blobBy = (connection: Connection, sql: string): ((...numbers: number[]) => Uint8Array | undefined) => {
  const statement = connection.prepare<number[], unknown>(sql).pluck();
  const table = subjectOf(sql);
  return (...numbers) => {
    try {
      const found = statement.get(...numbers);
      return found instanceof Uint8Array ? found : undefined;
    } catch (thrown) {
      throw troubleOf(connection, thrown, `reading ${table}`);
    }
  };
};

export interface Outcome {
  /** Rows changed. */
  readonly changes: number;
  /** Row id of the row inserted last. */
  readonly id: number;
}

/** A prepared statement that writes. @throws AppError('disk-full' | 'plant-damaged' | ...) when called */
export const command = (connection: Connection, sql: string): ((...parameters: Parameters) => Outcome) => {
  const statement = connection.prepare<unknown[]>(sql);
  const table = subjectOf(sql);
  return (...parameters) => {
    try {
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { changes, id: Number(lastInsertRowid) };
    } catch (thrown) {
      throw troubleOf(connection, thrown, `writing ${table}`);
    }
  };
};

const parseJson = (text: string, context: { addIssue(issue: { code: 'custom'; message: string }): void }): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
};

/** A TEXT column that holds a JSON document of the given schema. */
export const json = <S extends z.ZodType>(document: S) => z.string().transform(parseJson).pipe(document);

/** An INTEGER column that holds a truth value. */
export const flag = z.int().transform((value) => value !== 0);

/** The JSON text of a document, or NULL. */
export const jsonText = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));
