import type { Sensor } from '../../contract/plant.ts';

interface Limits {
  readonly low: number;
  readonly high: number;
}

const from = (low: number): Limits => ({ low, high: Infinity });

/**
 * What a unit rules out by nature, for units as `ingest` normalises them. Only what holds wherever the unit is used: a flow or a torque may
 * be negative, a load or a valve's position above 100 %, a gauge pressure below 0.
 */
const limits: readonly { readonly unit: RegExp; readonly limits: Limits }[] = [
  { unit: /^°C$/u, limits: from(-273.15) },
  { unit: /^°F$/u, limits: from(-459.67) },
  { unit: /^K$/u, limits: from(0) },
  { unit: /^°R$/u, limits: from(0) },
  { unit: /^(bar\(?a\)?|barabs|bara|psia|kPa\(?a\)?|mbar\(?a\)?)$/u, limits: from(0) },
  { unit: /^[kMG]?Hz$/u, limits: from(0) },
  { unit: /^(lx|lux|cd|lm)$/u, limits: from(0) },
  { unit: /^[kMmµ]?(Ω|Ohm|ohm)$/u, limits: from(0) },
  { unit: /^(ppm|ppb|dpm|cfu)$/u, limits: from(0) },
  { unit: /^%\s?(RH|rF|r\.F\.|rel)/iu, limits: { low: 0, high: 105 } },
  { unit: /^pH$/u, limits: { low: -2, high: 16 } },
];

/** Relative humidity in plain percent is told by its name; sensors read a little over 100 in fog. */
const humidity = /humid|feucht|湿度|umidit|humedad|\brh\b/iu;

/** The limits that a sensor's readings can't pass by nature (CIPM: absolute zero); null where nature sets none. */
export const physicalLimits = ({ unit, name, quantity }: Pick<Sensor, 'unit' | 'name' | 'quantity'>): Limits | null => {
  if (unit === null) return null;
  if (unit === '%' && humidity.test(`${name} ${quantity ?? ''}`)) return { low: 0, high: 105 };
  return limits.find((one) => one.unit.test(unit))?.limits ?? null;
};
