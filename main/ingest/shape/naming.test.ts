import { describe, expect, it } from 'vitest';
import { assetNameOf, machineTypeOf, stemOf } from './naming.ts';
import { splitHeader, toUnit } from './units.ts';

const day = (text: string): number => Date.parse(text) / 86_400_000;

describe('the asset by the name of its file', () => {
  it.each([
    ['/d/pump_1.csv', 'pump_1'],
    ['/d/press_20250310a.csv', 'press'],
    ['/d/press_100325.csv.gz', 'press'],
    ['/d/P-0310.csv', 'P-0310'],
    ['/d/P-2025.csv', 'P-2025'],
    ['/d/pump_1 - Copy.csv', 'pump_1'],
    ['/d/pump_1 (2).csv', 'pump_1'],
    ['/d/log.csv.3', 'log'],
    ['/d/log.3.csv', 'log'],
    ['/d/vibration_10032025_16032025.csv', 'vibration'],
    ['/d/mill-2025-03-10.csv', 'mill'],
    ['/d/fan_2025.csv', 'fan'],
    ['/d/pump_4711.csv', 'pump_4711'],
    ['/valve1/0.csv', 'valve1_0'],
    ['/kiln/20250310.csv', 'kiln'],
  ])('%s is %s', (path, name) => {
    expect(assetNameOf(path, { first: day('2025-03-10'), last: day('2025-03-11') })).toBe(name);
  });

  it('keeps digits where no dates are known', () => {
    expect(assetNameOf('/d/train_0310.txt', null)).toBe('train_0310');
  });

  it.each([['pump_1', 'pump'], ['Pump A', 'pump'], ['press-2', 'press'], ['17', 'machine'], ['turbine', 'turbine']])('%s is a %s', (name, type) => {
    expect(machineTypeOf(name, 'machineID')).toBe(type);
  });

  it('the stem has neither extensions nor marks of rotation', () => {
    expect(stemOf('/a/b.c/log.txt.1.gz')).toBe('log');
  });
});

describe('names and units', () => {
  it.each([
    ['Oil temp [degC]', 'Oil temp', 'degC'],
    ['Druck\n(bar)', 'Druck', 'bar'],
    ['Temp, °C (LGR S/N: 10694967, SEN S/N: 10694967)', 'Temp', '°C'],
    ['压力(MPa)', '压力', 'MPa'],
    ['Leckrate (mbar l/s)', 'Leckrate', 'mbar l/s'],
    ['P (bar(g))', 'P', 'bar(g)'],
    ['Bearing (left)', 'Bearing (left)', null],
    ['Host Connected (LGR S/N: 1)', 'Host Connected (LGR S/N: 1)', null],
  ])('%s', (header, name, unit) => {
    expect(splitHeader(header)).toEqual({ name, unit });
  });

  it.each([['℃', '°C'], ['Deg C', '°C'], ['1/min', 'rpm'], ['m3/h', 'm³/h'], ['Volts', 'V'], ['tCO2', 'tCO2'], ['foo', 'foo']])('%s is shown as %s', (written, unit) => {
    expect(toUnit(written)).toMatchObject({ unit, asWritten: written });
  });
});
