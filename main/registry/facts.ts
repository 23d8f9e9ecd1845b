import type { ModelDocument } from '../../ml/documents/model.ts';
import type { ModelFacts } from '../contract/training.ts';

type Described = Pick<ModelDocument, 'step' | 'unit' | 'stepInUnit' | 'sensors' | 'inputs' | 'leftOut' | 'config' | 'cleaning' | 'normalisation' | 'conformal'>;

/** What people may want to know of a model before they trust it, out of its document: what it sees, what it was not given, how its intervals were sized. */
export const factsOf = ({ step, unit, stepInUnit, sensors, inputs, leftOut, config, cleaning, normalisation, conformal }: Described): ModelFacts => {
  const sensorAt = (index: number): ModelFacts['inputs'][number] => {
    const sensor = sensors[index];
    return { name: sensor?.name ?? String(index), unit: sensor?.unit ?? null };
  };
  return {
    step: unit === 'cycles' ? { value: step, unit } : { value: stepInUnit, unit },
    window: config.window,
    inputs: inputs.map(sensorAt),
    leftOut,
    isCleaned: cleaning !== null,
    regimes: {
      sensors: normalisation.conditionSensors.map(sensorAt),
      centres: normalisation.centres.map((centre) => centre.map((value, at) => value * (normalisation.conditionScale[at] ?? 1))),
    },
    intervalUnits: conformal?.units ?? null,
  };
};
