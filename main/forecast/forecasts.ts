import type { MachineCleaning } from '../../ml/dataset/cleaning/rows.ts';
import { livesOf, type LifeEvent } from '../../ml/dataset/lives.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import type { NoForecast, Prediction } from '../../ml/documents/prediction.ts';
import { Task } from '../../ml/documents/task.ts';
import { AppError } from '../contract/errors.ts';
import type { Asset, Forecast } from '../contract/plant.ts';
import type { Slice } from '../contract/scorer.ts';
import type { Model } from '../contract/training.ts';
import type { AssetId, ModelId } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { Log } from '../engine/log.ts';
import { createTurns } from '../engine/turns.ts';
import type { Plant } from '../store/plant.ts';
import { noModelFor } from './words.ts';
import { forecastOf, type Answer } from './merge.ts';
import { readSlice, standing, type Standing } from './slice.ts';

export interface ForecastParts {
  readonly plant: Plant;
  readonly clock: Clock;
  readonly log: Log;
  /** Predictions by the slices' `asset`. Rejects AppError('process-ended') when the scorer dies. */
  askScorer(modelFolder: string, slices: Slice[]): Promise<Map<number, Prediction>>;
  modelFolder(id: ModelId): string;
  documentOf(id: ModelId): ModelDocument;
  /** Whether a machine stands still by its newest readings; null when nothing tells. */
  standsStill(asset: AssetId): boolean | null;
  /** What people have taken out of a machine's readings. */
  spansOf(asset: AssetId): MachineCleaning['spans'];
}

interface LoadedModel {
  readonly id: ModelId;
  readonly document: ModelDocument;
  readonly createdAt: number;
}

/** A forecast is made anew after this share of a model's step. */
const SHARE_OF_STEP = 1 / 12;

/** Asks the champions what they see coming, machine by machine, and keeps their answers; where there is no ground, the reason. */
export class Forecasts {
  readonly #parts: ForecastParts;
  readonly #documents = new Map<ModelId, ModelDocument>();

  constructor(parts: ForecastParts) {
    this.#parts = parts;
  }

  /**
   * Forecasts for these machines, or all, by the champions of their type, or by one named model. What is new is stored; a machine without
   * new readings keeps the forecast that it has. What a model says that is no champion is told and not kept (id 0): it must move no alarm.
   * @returns the newest forecast of each machine
   * @throws AppError('not-found' | 'model-damaged'), 'process-ended' when the scorer dies before it answers
   */
  async update(assets: readonly AssetId[] | null, model: ModelId | null = null): Promise<Forecast[]> {
    const { plant } = this.#parts;
    const named = model === null ? null : this.#must(model);
    const machines = plant.assets.machines().filter((asset) => (assets === null || assets.includes(asset.id)) && (named === null || named.machineType === asset.machineType));
    const byType = new Map<string, Asset[]>();
    for (const asset of machines) byType.set(asset.machineType, [...(byType.get(asset.machineType) ?? []), asset]);
    const made: Forecast[] = [];
    for (const [machineType, ofType] of byType) {
      if (named === null || named.role === 'champion') made.push(...(await this.#ofType(machineType, ofType, this.#champions(machineType).map((one) => this.#load(one)), named !== null)));
      else made.push(...(await this.#tried(ofType, this.#load(named))));
    }
    return made;
  }

  #must(id: ModelId): Model {
    const model = this.#parts.plant.models.get(id);
    if (model === undefined) throw new AppError('not-found', `there is no model '${id}'`, { model: id });
    return model;
  }

  #champions(machineType: string): Model[] {
    const { plant } = this.#parts;
    return Task.options.flatMap((task) => plant.models.champion(task, machineType) ?? []);
  }

  #load({ id, createdAt }: Model): LoadedModel {
    const document = this.#documents.get(id) ?? this.#parts.documentOf(id);
    this.#documents.set(id, document);
    return { id, document, createdAt };
  }

  async #ofType(machineType: string, machines: readonly Asset[], models: readonly LoadedModel[], always: boolean): Promise<Forecast[]> {
    const stands = machines.flatMap((asset) => this.#standing(asset) ?? []);
    if (models.length === 0) {
      const noForecast: NoForecast = { reason: 'no-model', detail: noModelFor(this.#parts.plant, machineType) };
      return stands.map((stand) => this.#refuse(stand, null, noForecast));
    }
    const kept: Forecast[] = [];
    const asked: Standing[] = [];
    for (const stand of stands) {
      const told = this.#withoutAsking(stand, models, always);
      if (told === null) asked.push(stand);
      else kept.push(told);
    }
    const answers = await this.#ask(asked, models);
    return [...kept, ...asked.map((stand) => this.#store(stand, answers.get(stand.asset.id) ?? []))];
  }

  /** What a model that is no champion says. */
  async #tried(machines: readonly Asset[], model: LoadedModel): Promise<Forecast[]> {
    const stands = machines.flatMap((asset) => this.#standing(asset) ?? []);
    const answers = await this.#ask(stands, [model]);
    return stands.map((stand) => ({ id: 0, ...forecastOf(stand, answers.get(stand.asset.id) ?? [], this.#parts.clock.now()) }));
  }

  #standing(asset: Asset): Standing | null {
    const { plant } = this.#parts;
    const known = plant.series.infos(asset.id).flatMap(({ first, last }) => (first === null || last === null ? [] : [{ first, last }]));
    if (known.length === 0) return null;
    const events = plant.events.list({ asset: asset.id }).flatMap(({ kind, start, end }): LifeEvent[] => (kind === 'failure' || kind === 'maintenance' ? [{ kind, start, end }] : []));
    const last = Math.max(...known.map((info) => info.last));
    return standing(asset, livesOf(events, Math.min(...known.map((info) => info.first)), last, asset.axis), last);
  }

  /** The forecast of a machine that needs no question: it is down or silent, stands still, or nothing new came in. */
  #withoutAsking(stand: Standing, models: readonly LoadedModel[], always: boolean): Forecast | null {
    const { plant, standsStill } = this.#parts;
    const { asset, asOf } = stand;
    const [first] = models;
    const latest = plant.forecasts.latest(asset.id);
    const usable = latest !== undefined && latest.noForecast === null && latest.asOf >= stand.lifeStart && models.some(({ id }) => id === latest.model) && models.every(({ createdAt }) => createdAt <= latest.madeAt);
    const since = SHARE_OF_STEP * Math.min(...models.map(({ document }) => document.step));
    if (stand.downSince !== null) return this.#refuse(stand, first?.id ?? null, { reason: 'not-running', detail: 'it has failed, and its repair is not recorded yet' });
    if (this.#isSilent(stand)) return this.#refuse(stand, first?.id ?? null, { reason: 'stale-data', detail: 'its readings have stopped coming in' });
    if (usable && !always && asOf - latest.asOf < since) return latest;
    // Standing still wears nothing: what was forecast for this life goes on to hold. Training has seen such hours, so a first one may be asked for.
    return usable && asset.axis === 'time' && standsStill(asset.id) === true ? latest : null;
  }

  /** A machine whose readings are followed and have stopped; what was recorded once is forecast from where it ends. */
  #isSilent({ asset, asOf }: Standing): boolean {
    const { plant, clock } = this.#parts;
    const age = clock.now() - asOf;
    const followed = plant.sources.list().some((source) => source.state !== 'stopped');
    return asset.axis === 'time' && followed && age > 3600e6 && age < 30 * 86_400e6;
  }

  /** One question a model, all machines in it. */
  async #ask(stands: readonly Standing[], models: readonly LoadedModel[]): Promise<Map<AssetId, Answer[]>> {
    const { plant, askScorer, modelFolder, spansOf } = this.#parts;
    const turn = createTurns();
    const answers = new Map<AssetId, Answer[]>(stands.map(({ asset }) => [asset.id, []]));
    for (const { id, document } of models) {
      const slices: Slice[] = [];
      for (const stand of stands) {
        const slice = await readSlice(plant, stand, document, spansOf(stand.asset.id), turn);
        if (slice.noForecast === null) slices.push({ asset: stand.asset.id, rows: slice.rows, values: slice.values });
        else answers.get(stand.asset.id)?.push({ model: id, document, prediction: { rul: null, failure: null, fault: null, anomaly: null, drivers: [], noForecast: slice.noForecast } });
      }
      if (slices.length === 0) continue;
      const predictions = await askScorer(modelFolder(id), slices);
      for (const stand of stands) {
        const prediction = predictions.get(stand.asset.id);
        if (prediction !== undefined) answers.get(stand.asset.id)?.push({ model: id, document, prediction });
      }
    }
    return answers;
  }

  #store(stand: Standing, answers: readonly Answer[]): Forecast {
    const { plant, clock } = this.#parts;
    const forecast = forecastOf(stand, answers, clock.now());
    if (forecast.noForecast !== null) return this.#refuse(stand, forecast.model, forecast.noForecast);
    return plant.forecasts.add(forecast);
  }

  /** No forecast, and why: stored once, not with each tick. */
  #refuse({ asset, asOf }: Standing, model: ModelId | null, noForecast: NoForecast): Forecast {
    const { plant, clock } = this.#parts;
    const latest = plant.forecasts.latest(asset.id);
    if (latest?.noForecast?.reason === noForecast.reason && latest.noForecast.detail === noForecast.detail && latest.model === model) return latest;
    return plant.forecasts.add({ asset: asset.id, model, madeAt: clock.now(), asOf, rul: null, failureAt: null, failureProbability: [], fault: null, anomaly: null, drivers: [], noForecast });
  }
}

export const createForecasts = (parts: ForecastParts): Forecasts => new Forecasts(parts);
