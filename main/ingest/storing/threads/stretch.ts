import { closeSync, openSync, readSync } from 'node:fs';
import type { Mapping } from '../../../contract/data.ts';
import { sealColumns } from '../../../store/series/sealed.ts';
import { microsPerDay } from '../../times/civil.ts';
import { type Gathered, gatheredOf } from '../gathered.ts';
import { Intake, type IntakeState } from '../intake.ts';

/** A file of which stretches are to be read, and how. */
export interface StretchFile {
  path: string;
  mapping: Mapping;
  asset: string;
  /** What stands before the number of a unit in its asset's name; null where assets are named as the file names them. */
  unitsOf: string | null;
  state: IntakeState;
}

/** The records of a file that begin in from..to, read without those before. */
export interface Stretch {
  /** Where the first of them begins; what was read counts only where the stretch before ended here. */
  start: number;
  gathered: Gathered;
  /** False where what was read depends on the records before: a day on which clocks change, a header that orders the columns anew. */
  standsAlone: boolean;
}

const pieceBytes = 1 << 18;
/** A record that is longer than this is none. */
const longestRecord = 4 << 20;
const LF = 10;

/** Rows of the longest stretch so far: the next one has about as many. */
let rowsBefore = 1024;

/** Where stretches are read into, one after the other. */
let room = Buffer.alloc(0);

const namerOf = (unitsOf: string | null): ((text: string) => string) => (unitsOf === null ? (text) => text : (unit) => `${unitsOf}-${unit.padStart(3, '0')}`);

/** Start of the first record at or behind `from`: behind a line end. -1: there is none near. */
const startFrom = (file: number, from: number): number => {
  const bytes = Buffer.allocUnsafe(pieceBytes);
  for (let at = from - 1; at < from + longestRecord; ) {
    const count = readSync(file, bytes, 0, bytes.length, at);
    if (count === 0) return -1;
    const end = bytes.subarray(0, count).indexOf(LF);
    if (end >= 0) return at + end + 1;
    at += count;
  }
  return -1;
};

const seal = (gathered: Gathered): void => {
  for (const set of gathered.sets)
    for (const piece of set.pieces)
      piece.sealed = sealColumns(
        piece.positions,
        piece.columns.map(({ values }) => values),
      );
};

/** Whether any position lies near a day on which the zone's clocks change: there the order of rows decides. */
const isNearChange = ({ time, rows }: Intake): boolean => {
  if (!time.needsOrder) return false;
  let days = new Set<number>();
  for (const at of rows.positions()) days.add(Math.floor(at / microsPerDay));
  days = new Set([...days].flatMap((day) => [day - 1, day, day + 1]));
  return [...days].some((day) => Number.isNaN(time.wall.startOfDay(day)));
};

/** All of it at once, and then, piece by piece, the rest of its last record. */
const feedStretch = (intake: Intake, file: number, start: number, to: number): void => {
  if (room.length < to - start) room = Buffer.allocUnsafeSlow(to - start);
  for (let at = start; intake.position < to && at < to + longestRecord; ) {
    const piece = at === start ? room.subarray(0, to - start) : Buffer.allocUnsafe(pieceBytes);
    const count = readSync(file, piece, 0, piece.length, at);
    if (count === 0) break;
    at += count;
    intake.feed(piece.subarray(0, count));
    intake.work(false);
  }
};

/** The records that begin in from..to; see readStretch. */
const readRows = ({ path, mapping, asset, unitsOf, state }: StretchFile, from: number, to: number, isStart: boolean): Stretch | null => {
  const file = openSync(path, 'r');
  try {
    const start = isStart ? from : startFrom(file, from);
    if (start < 0 || start >= to) return null;
    const intake = new Intake(mapping, { position: start, line: mapping.dialect.headerLines, state, defaultAsset: asset, nameAsset: namerOf(unitsOf), limit: to, rows: { capacity: rowsBefore, most: Infinity } });
    feedStretch(intake, file, start, to);
    rowsBefore = Math.max(rowsBefore, Math.ceil(intake.rows.waiting / 1024 + 1) * 1024);
    const standsAlone = intake.rows.plan.groups.length > 0 && intake.isPlain && intake.state(false).columns === state.columns && !isNearChange(intake);
    const gathered = gatheredOf(intake, false);
    for (const rows of intake.rows.tagged.values()) rows.free();
    gathered.line -= mapping.dialect.headerLines;
    for (const row of gathered.aside) row.line -= mapping.dialect.headerLines;
    return { start, gathered, standsAlone };
  } finally {
    closeSync(file);
  }
};

/**
 * Reads the records that begin in from..to and works them out as chunks. `isStart`: a record begins at `from` itself.
 * Null where none begins near.
 */
export const readStretch = (stretchFile: StretchFile, from: number, to: number, isStart: boolean): Stretch | null => {
  const stretch = readRows(stretchFile, from, to, isStart);
  if (stretch?.standsAlone === true) seal(stretch.gathered);
  return stretch;
};
