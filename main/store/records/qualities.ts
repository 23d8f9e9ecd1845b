import { z } from 'zod';
import { CleaningRecipe, QualityThresholds } from '../../contract/quality.ts';
import { AssetId, Micros, SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

/** What people chose for judging one sensor; its limits stand in the sensor. */
const Chosen = QualityThresholds.omit({ low: true, high: true });
export type ChosenThresholds = z.infer<typeof Chosen>;

/** Times of one sensor that came more than once. */
const RepeatedTimes = z.strictObject({
  sensor: SensorId,
  /** Readings beyond the first at one position, within one batch. */
  repeated: z.int(),
  /** Those among them that stand in runs of three or more. */
  stuck: z.int(),
  /** Readings that a later one with another value took the place of. */
  replaced: z.int(),
  /** First and last position at which this happened. */
  first: z.number(),
  last: z.number(),
});
export type RepeatedTimes = z.infer<typeof RepeatedTimes>;

const StoredCleaning = z.strictObject({ asset: AssetId, recipe: json(CleaningRecipe), savedAt: Micros });
export type StoredCleaning = z.infer<typeof StoredCleaning>;

/** What people chose for judging and cleaning readings, and what only their arrival showed. */
export interface QualityRepository {
  /** Null where nothing was chosen. */
  thresholds(sensor: SensorId): ChosenThresholds | null;
  /** Keeps them; all null: nothing is chosen any more. */
  choose(sensor: SensorId, chosen: ChosenThresholds): void;
  cleaning(asset: AssetId): StoredCleaning | undefined;
  saveCleaning(asset: AssetId, recipe: CleaningRecipe): StoredCleaning;
  repeats(sensor: SensorId): RepeatedTimes | undefined;
  /** Up to where a sensor's readings were thinned to means; null where none were. */
  thinnedUntil(sensor: SensorId): number | null;
  /** Adds to what is counted. */
  addRepeats(counts: RepeatedTimes): void;
}

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createQualities = (connection: Connection, now: () => Micros): QualityRepository => {
  const thresholds = query(connection, z.strictObject({ chosen: json(Chosen) }), 'SELECT chosen FROM quality_threshold WHERE sensor = ?');
  const choose = command(connection, 'INSERT INTO quality_threshold (sensor, chosen) VALUES (?, ?) ON CONFLICT (sensor) DO UPDATE SET chosen = excluded.chosen');
  const drop = command(connection, 'DELETE FROM quality_threshold WHERE sensor = ?');
  const cleaning = query(connection, StoredCleaning, 'SELECT asset, recipe, saved_at AS savedAt FROM cleaning WHERE asset = ?');
  const saveCleaning = command(
    connection,
    'INSERT INTO cleaning (asset, recipe, saved_at) VALUES (?, ?, ?) ON CONFLICT (asset) DO UPDATE SET recipe = excluded.recipe, saved_at = excluded.saved_at',
  );
  const repeats = query(connection, RepeatedTimes, 'SELECT sensor, repeated, stuck, replaced, first, last FROM repeated_time WHERE sensor = ?');
  const thinned = query(connection, z.strictObject({ until: z.number().nullable() }), 'SELECT max(chunk."end") AS until FROM chunk JOIN thinned ON thinned.chunk = chunk.id WHERE chunk.sensor = ?');
  const addRepeats = command(
    connection,
    `INSERT INTO repeated_time (sensor, repeated, stuck, replaced, first, last) VALUES (@sensor, @repeated, @stuck, @replaced, @first, @last)
     ON CONFLICT (sensor) DO UPDATE SET repeated = repeated + @repeated, stuck = stuck + @stuck, replaced = replaced + @replaced, first = min(first, @first), last = max(last, @last)`,
  );
  return {
    thresholds: (sensor) => thresholds.one(sensor)?.chosen ?? null,
    choose: (sensor, chosen) => {
      if (Object.values(chosen).every((value) => value === null)) drop(sensor);
      else choose(sensor, JSON.stringify(chosen));
    },
    cleaning: (asset) => cleaning.one(asset),
    saveCleaning: (asset, recipe) => {
      const savedAt = now();
      saveCleaning(asset, JSON.stringify(recipe), savedAt);
      return { asset, recipe, savedAt };
    },
    repeats: (sensor) => repeats.one(sensor),
    thinnedUntil: (sensor) => thinned.one(sensor)?.until ?? null,
    addRepeats: ({ sensor, repeated, stuck, replaced, first, last }) => {
      addRepeats({ sensor, repeated, stuck, replaced, first, last });
    },
  };
};
