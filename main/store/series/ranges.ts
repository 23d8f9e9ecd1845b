import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';
import { decodeValues, encodeValues } from './codec/values.ts';
import { overlay } from './merge.ts';
import { nameOf, type ChunkPlace } from './place.ts';
import type { Readings } from './series.ts';

/** What the rows of a thinned chunk stand for: its values are means over a step each. */
export interface Ranges {
  /** Axis units. */
  readonly step: number;
  /** [rows] NaN where missing. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [rows] readings that each mean was made of. */
  readonly weight: Float64Array;
}

export const slicedRanges = ({ step, low, high, weight }: Ranges, from: number, to: number): Ranges => ({ step, low: low.subarray(from, to), high: high.subarray(from, to), weight: weight.subarray(from, to) });

/** What rows stand for when readings come late into a thinned chunk: those stand for themselves. @param union every position of both */
export const overlaidRanges = (union: Float64Array, positions: Float64Array, ranges: Ranges, late: Readings): Ranges => {
  const one = late.values.map((v) => (v === v ? 1 : NaN));
  const over = (older: Float64Array, newer: Float64Array): Float64Array => overlay(union, { positions, values: older }, { positions: late.positions, values: newer });
  return { step: ranges.step, low: over(ranges.low, late.values), high: over(ranges.high, late.values), weight: over(ranges.weight, one).map((w) => (w === w ? w : 0)) };
};

/** What thinned chunks stand for. Most plants have none for years: asking then costs nothing. */
export interface RangeTable {
  of(place: ChunkPlace): Ranges | null;
  add(chunk: number, ranges: Ranges): void;
  forget(): void;
}

const Row = z.strictObject({ step: z.number(), low: z.instanceof(Uint8Array), high: z.instanceof(Uint8Array), weight: z.instanceof(Uint8Array) });

/** @param connection the plant's database */
export const createRanges = (connection: Connection): RangeTable => {
  const stored = query(connection, Row, 'SELECT step, low, high, weight FROM thinned WHERE chunk = ?');
  const any = query(connection, z.strictObject({ any: z.int() }), 'SELECT EXISTS (SELECT 1 FROM thinned) AS "any"');
  const insert = command(connection, 'INSERT INTO thinned (chunk, step, low, high, weight) VALUES (?, ?, ?, ?, ?)');
  let hasAny: boolean | null = null;
  return {
    of: (place) => {
      hasAny ??= any.one()?.any === 1;
      const row = hasAny ? stored.one(place.id) : undefined;
      if (row === undefined) return null;
      const where = (): string => `what the means of ${nameOf(place)} came from`;
      return { step: row.step, low: decodeValues(row.low, where), high: decodeValues(row.high, where), weight: decodeValues(row.weight, where) };
    },
    add: (chunk, { step, low, high, weight }) => {
      insert(chunk, step, encodeValues(low), encodeValues(high), encodeValues(weight));
      hasAny = true;
    },
    forget: () => {
      hasAny = null;
    },
  };
};
