import { Mask } from '../../../ml/dataset/cleaning/mask.ts';
import { Resampler } from '../../../ml/dataset/cleaning/resample.ts';
import type { MachineCleaning } from '../../../ml/dataset/cleaning/rows.ts';
import type { DatasetCleaning } from '../../../ml/documents/cleaning.ts';
import { AppError } from '../../contract/errors.ts';
import type { Asset, Sensor } from '../../contract/plant.ts';
import type { Cleaning, CleaningPreview, CleaningRecipe } from '../../contract/quality.ts';
import type { AssetId, SensorId } from '../../contract/values.ts';
import { createTurns } from '../../engine/turns.ts';
import type { Assessor } from '../assessor.ts';
import { pagesOf, type Span } from '../scan/pages.ts';
import type { ScanRules } from '../scan/rules.ts';
import { sensorOf, type QualityStore } from '../quality.ts';
import { Filler } from './filler.ts';
import { ColumnReducer } from './reducer.ts';
import { noCleaning, reachOf, sensorCleaning, settle, spansOf, type CleanedMachine } from './settle.ts';

export interface PreviewRequest {
  readonly sensor: SensorId;
  readonly recipe: CleaningRecipe;
  readonly columns: number;
  readonly from: number | null;
  readonly to: number | null;
}

/** How readings are cleaned when they are looked at or learned from: a view with a recipe a machine. What is stored stays as it is. */
export interface CleaningViews {
  /** @throws AppError('not-found') */
  of(asset: AssetId): Cleaning;
  /** @throws AppError('not-found'), 'input-invalid' for a span that ends before it begins or a sensor of another machine */
  change(asset: AssetId, recipe: CleaningRecipe): Cleaning;
  /** What a recipe would do to one sensor. @throws AppError('not-found') */
  preview(request: PreviewRequest, signal?: AbortSignal): Promise<CleaningPreview>;
  /** The recipes of these machines as numbers; null where none does anything. @param step of the grid that the readings are put on */
  settled(assets: readonly AssetId[], step: number, signal?: AbortSignal): Promise<DatasetCleaning | null>;
  /** What people took out of a machine's readings. */
  spans(asset: AssetId): MachineCleaning['spans'];
}

const machineOf = ({ assets }: QualityStore, id: AssetId): Asset => {
  const asset = assets.get(id);
  if (asset === undefined || asset.level !== 'machine') throw new AppError('not-found', `there is no machine ${id}`, { asset: id });
  return asset;
};

const assertRecipe = (plant: QualityStore, asset: Asset, { spans }: CleaningRecipe): void => {
  const own = new Set(plant.sensors.ofAsset(asset.id).map(({ id }) => id));
  for (const { sensor, from, to } of spans) {
    if (to < from) throw new AppError('input-invalid', `a span that is left out ends at ${to}, before it begins at ${from}; give its end at or after its start`, { from, to });
    if (sensor !== null && !own.has(sensor)) throw new AppError('input-invalid', `a span names sensor ${sensor}, which ${asset.name} has not`, { sensor });
  }
};

/** Passes a series through a recipe, page by page. */
const clean = async (plant: QualityStore, sensor: Sensor, rules: ScanRules, recipe: CleaningRecipe, span: Span, reducer: ColumnReducer, turn: () => Promise<void>): Promise<Pick<CleaningPreview, 'masked' | 'filled' | 'readings'>> => {
  const step = recipe.resample?.step ?? rules.interval ?? Infinity;
  const filler = new Filler({ how: recipe.fill.how, longest: reachOf(recipe, step), step }, (position, value) => reducer.add(position, value));
  const resampler = recipe.resample === null ? null : new Resampler(recipe.resample, (position, value) => filler.add(position, value));
  const mask = new Mask(sensorCleaning(recipe, rules), recipe.spans.filter((one) => one.sensor === null || one.sensor === sensor.id));
  const { points, missing } = plant.series.info(sensor.id);
  let readings = 0;
  for await (const { positions, values } of pagesOf(plant.series, sensor.id, span, points + missing, turn)) {
    for (let i = 0; i < positions.length; i += 1) {
      const position = positions[i] ?? NaN;
      const value = values[i] ?? NaN;
      if (value !== value) continue;
      readings += 1;
      if (!mask.takes(position, value)) (resampler ?? filler).add(position, value);
    }
  }
  resampler?.end();
  return { masked: { ...mask.counts }, filled: filler.filled, readings };
};

export const createCleaning = (plant: QualityStore, assessor: Assessor): CleaningViews => {
  const of = (id: AssetId): Cleaning => {
    const { axis } = machineOf(plant, id);
    const saved = plant.qualities.cleaning(id);
    return { asset: id, axis, recipe: saved?.recipe ?? noCleaning, savedAt: saved?.savedAt ?? null };
  };
  /** With the rules of its sensors, where the recipe masks anything by them: learning them takes some milliseconds each. */
  const cleanedOf = async (id: AssetId, turn: () => Promise<void>): Promise<CleanedMachine> => {
    const { recipe } = of(id);
    const sensors: CleanedMachine['sensors'][number][] = [];
    for (const sensor of plant.sensors.ofAsset(id)) {
      sensors.push({ sensor, rules: recipe.mask.length === 0 ? null : assessor.rules(sensor) });
      await turn();
    }
    return { path: plant.assets.pathOf(id).join('/'), recipe, sensors };
  };
  return {
    of,
    change: (id, recipe) => {
      assertRecipe(plant, machineOf(plant, id), recipe);
      plant.qualities.saveCleaning(id, recipe);
      return of(id);
    },
    preview: async ({ sensor: id, recipe, columns, from, to }, signal) => {
      const sensor = sensorOf(plant, id);
      assertRecipe(plant, machineOf(plant, sensor.asset), recipe);
      const { first, last } = plant.series.info(id);
      const span = { from: from ?? first ?? 0, to: to ?? last ?? 0 };
      const about = { sensor: id, name: sensor.name, unit: sensor.unit, ...span };
      const reducer = new ColumnReducer(span.from, span.to, columns);
      const counts = await clean(plant, sensor, assessor.rules(sensor), recipe, span, reducer, createTurns(signal));
      const { at, min, max, points } = plant.series.columns(id, span.from, span.to, columns);
      return { stored: { ...about, at, min, max, points }, cleaned: { ...about, ...reducer.columns() }, ...counts };
    },
    spans: (id) => spansOf({ recipe: of(id).recipe, sensors: plant.sensors.ofAsset(id).map((sensor) => ({ sensor })) }),
    settled: async (assets, step, signal) => {
      if (assets.every((id) => plant.qualities.cleaning(id) === undefined)) return null;
      const turn = createTurns(signal);
      const machines: CleanedMachine[] = [];
      for (const id of assets) machines.push(await cleanedOf(id, turn));
      return settle(machines, step);
    },
  };
};
