import { AppError } from '../contract/errors.ts';
import type { SensorId } from '../contract/values.ts';
import { os } from './context.ts';
import type { Parts } from './parts.ts';

/** The span of the newest readings when the caller names none, and what is left of one that it names in part. */
const spanOf = (plant: Parts['plant'], sensors: readonly SensorId[], from: number | null, to: number | null): { from: number; to: number } => {
  const infos = sensors.map((sensor) => plant.series.info(sensor));
  const firsts = infos.flatMap((info) => (info.first === null ? [] : [info.first]));
  const lasts = infos.flatMap((info) => (info.last === null ? [] : [info.last]));
  return { from: from ?? (firsts.length === 0 ? 0 : Math.min(...firsts)), to: to ?? (lasts.length === 0 ? 0 : Math.max(...lasts)) };
};

export const plantCalls = ({ plant, machines, forecasts, alarms }: Parts) => ({
  watch: os.plant.watch.handler(({ signal }) => machines.topic.stream(signal)),
  assets: os.plant.assets.handler(() => plant.assets.list()),
  sensors: os.plant.sensors.handler(() => plant.sensors.list().map((sensor) => ({ ...sensor, assetName: plant.assets.get(sensor.asset)?.name ?? '' }))),
  machine: os.plant.machine.handler(({ input }) => {
    const machine = machines.machine(input.asset);
    const sensors = plant.sensors.ofAsset(input.asset);
    const span = spanOf(plant, sensors.map((sensor) => sensor.id), null, null);
    return { machine, sensors, span: machine.lastReading === null ? null : span };
  }),
  healthHistory: os.plant.healthHistory.handler(({ input }) => {
    machines.machine(input.asset);
    return plant.healths.history(input.asset, input);
  }),
  forecastHistory: os.plant.forecastHistory.handler(({ input }) => {
    machines.machine(input.asset);
    return plant.forecasts.history(input.asset, input);
  }),
  columns: os.plant.columns.handler(({ input }) => {
    const { from, to } = spanOf(plant, input.sensors, input.from, input.to);
    return input.sensors.map((id) => {
      const sensor = plant.sensors.get(id);
      if (sensor === undefined) throw new AppError('not-found', `there is no sensor ${id}`, { sensor: id });
      const { at, min, max, points } = plant.series.columns(id, from, to, input.columns);
      return { sensor: id, name: sensor.name, unit: sensor.unit, from, to, at, min, max, points };
    });
  }),
  predict: os.plant.predict.handler(async ({ input }) => {
    const made = await forecasts.update(input.asset === null ? null : [input.asset], input.model);
    alarms.evaluate(made.map((forecast) => forecast.asset));
    machines.touch(made.map((forecast) => forecast.asset));
    return made.map((forecast) => ({ machine: machines.machine(forecast.asset), forecast }));
  }),
});
