import { z } from 'zod';
import { SensorId } from '../../contract/values.ts';
import { AppError } from '../../contract/errors.ts';
import type { Connection } from '../connection.ts';
import type { LookStep } from '../look.ts';
import { query } from '../statement.ts';
import { nameOf, type ChunkPlace } from './place.ts';
import { rollUp } from './codec/rollup.ts';
import { rowsOfStretch, stretchesOf, type Places } from './segments.ts';

const same = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((v, i) => Object.is(v, b[i]));

/** What is wrong with one chunk, read whole. */
const chunkProblems = ({ chunks }: Places, place: ChunkPlace): string[] => {
  const positions = chunks.positions(place);
  const values = chunks.values(place);
  const problems: string[] = [];
  if (positions[0] !== place.start || positions.at(-1) !== place.end) problems.push(`${nameOf(place)}: its grid runs from ${positions[0] ?? NaN} to ${positions.at(-1) ?? NaN}`);
  const count = values.reduce((sum, v) => sum + (v === v ? 1 : 0), 0);
  if (count !== place.count) problems.push(`${nameOf(place)}: it holds ${count} readings, and ${place.count} are noted`);
  const kept = chunks.rollups([place]).get(place.id);
  const ranges = chunks.ranges(place);
  const made = { min: rollUp(ranges?.low ?? values).min, max: rollUp(ranges?.high ?? values).max };
  if (kept === undefined || !same(kept.min, made.min) || !same(kept.max, made.max)) problems.push(`${nameOf(place)}: its roll-up isn't that of its readings`);
  return problems;
};

const guarded = (work: () => string[]): string[] => {
  try {
    return work();
  } catch (thrown) {
    // Damage is what is looked for here: it is the answer, not an error.
    const error = AppError.of(thrown);
    if (error.code === 'plant-damaged' || error.code === 'plant-newer') return [error.message];
    throw error;
  }
};

const overlapProblems = (places: readonly ChunkPlace[]): string[] =>
  places.flatMap((place, i) => {
    const before = places[i - 1];
    return before !== undefined && before.end >= place.start ? [`${nameOf(place)} overlaps ${nameOf(before)}`] : [];
  });

/** What a series comes to, read whole; first and last are null where there is no reading. */
export const countSeries = (places: Places, sensor: SensorId): { points: number; missing: number; first: number | null; last: number | null } => {
  let [points, rows, first, last] = [0, 0, Infinity, -Infinity];
  for (const stretch of stretchesOf(places, sensor, -Infinity, Infinity)) {
    const { positions, values } = rowsOfStretch(places.chunks, stretch);
    rows += positions.length;
    for (let i = 0; i < positions.length; i += 1) {
      if (Number.isNaN(values[i] ?? NaN)) continue;
      points += 1;
      first = Math.min(first, positions[i] ?? 0);
      last = Math.max(last, positions[i] ?? 0);
    }
  }
  return { points, missing: rows - points, first: points === 0 ? null : first, last: points === 0 ? null : last };
};

/** Whether what is noted of the series is what its chunks and its tail come to. */
const infoProblems = (places: Places, sensor: SensorId): string[] => {
  const info = places.infos.of(sensor);
  const { points, missing, first, last } = countSeries(places, sensor);
  if (info.points === points && info.missing === missing && info.first === first && info.last === last) return [];
  return [`sensor ${sensor}: ${points} readings and ${missing} missing were found, ${info.points} and ${info.missing} are noted`];
};

/** Reads every chunk, grid, roll-up and tail, a sensor a step; what is wrong is added to `problems`, a sentence each. */
export function* problemSteps(connection: Connection, places: Places, problems: string[]): Generator<LookStep, void, void> {
  const sensors = query(connection, z.strictObject({ id: SensorId }), 'SELECT id FROM sensor ORDER BY id').all();
  for (const [done, { id }] of sensors.entries()) {
    yield { done, total: sensors.length };
    problems.push(
      ...guarded(() => {
        const chunks = places.chunks.around(id, -Infinity, Infinity);
        const found = [...overlapProblems(chunks), ...chunks.flatMap((place) => guarded(() => chunkProblems(places, place)))];
        return found.length > 0 ? found : guarded(() => infoProblems(places, id));
      }),
    );
  }
  const unused = query(connection, z.strictObject({ grids: z.int() }), 'SELECT count(*) AS grids FROM grid WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.grid = grid.id)').one()?.grids ?? 0;
  if (unused > 0) problems.push(`${unused} grids belong to no chunk`);
}

/** The same in one go. @returns a sentence each for what is wrong */
export const seriesProblems = (connection: Connection, places: Places): string[] => {
  const problems: string[] = [];
  for (const _ of problemSteps(connection, places, problems));
  return problems;
};
