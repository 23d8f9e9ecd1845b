import type { Sealed } from '../../store/series/sealed.ts';
import { piecesOf, type Piece } from './batch.ts';
import type { AsideRow, Intake, IntakeState } from './intake.ts';

/** Rows of one asset, and of one group of columns, that are stored together. */
export interface GatheredRows {
  asset: string;
  rows: number;
  /** Rows with at least one number. */
  filledRows: number;
  pieces: (Piece & { sealed?: Sealed | null })[];
}

/** Everything that one commit stores: what an intake has gathered, in this thread or in another. */
export interface Gathered {
  rowsRead: number;
  aside: AsideRow[];
  events: Intake['rows']['events'];
  sets: GatheredRows[];
  /** Records with a number in any group of columns, and how many groups there are. */
  filledRecords: number;
  groups: number;
  /** Bytes and lines of the file up to the end of the last record. */
  position: number;
  line: number;
  state: IntakeState;
}

/** What an intake has gathered since its last `clear`. */
export const gatheredOf = (intake: Intake, isComplete: boolean): Gathered => ({
  rowsRead: intake.rowsRead,
  aside: intake.aside,
  events: intake.rows.events,
  sets: [
    ...[...intake.rows.batches.values()].flatMap((batch) => (batch.rows === 0 ? [] : [{ asset: batch.asset, rows: batch.rows, filledRows: batch.filledRows, pieces: piecesOf(batch) }])),
    ...[...intake.rows.tagged.values()].map((rows) => ({ asset: rows.asset, rows: rows.rows, filledRows: 0, pieces: rows.pieces() })),
  ],
  filledRecords: intake.rows.filledRecords,
  groups: intake.rows.plan.groups.length,
  position: intake.position,
  line: intake.line,
  state: intake.state(isComplete),
});
