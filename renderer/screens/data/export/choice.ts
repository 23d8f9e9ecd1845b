import type { Sensor } from '../../../../main/contract/plant.ts';

/** A sensor with the name of its machine. */
export interface NamedSensor extends Pick<Sensor, 'id' | 'name' | 'unit'> {
  readonly assetName: string;
}

export interface MachineSensors<S extends NamedSensor> {
  readonly machine: string;
  readonly sensors: readonly S[];
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** The sensors that have every word of the search in their or their machine's name, by machine. */
export const foundSensors = <S extends NamedSensor>(sensors: readonly S[], search: string): readonly MachineSensors<S>[] => {
  const words = search.trim().toLocaleLowerCase().split(/\s+/);
  const machines = new Map<string, S[]>();
  for (const sensor of sensors) {
    const text = `${sensor.assetName} ${sensor.name}`.toLocaleLowerCase();
    if (words.every((word) => text.includes(word))) machines.set(sensor.assetName, [...(machines.get(sensor.assetName) ?? []), sensor]);
  }
  return [...machines].map(([machine, own]) => ({ machine, sensors: own.toSorted((a, b) => byName.compare(a.name, b.name)) })).toSorted((a, b) => byName.compare(a.machine, b.machine));
};

/** A bare file name for an export: of one machine its name, else the plant's; without what systems give a meaning. */
export const exportName = (machines: ReadonlySet<string>, plant: string, extension: 'csv' | 'parquet'): string => {
  const [only] = machines;
  const stem = (machines.size === 1 && only !== undefined ? only : plant).replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').replaceAll(/^[. _]+|[. _]+$/g, '').slice(0, 120);
  return `${stem === '' ? 'readings' : stem}.${extension}`;
};
