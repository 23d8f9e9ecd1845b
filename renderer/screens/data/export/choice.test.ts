import { describe, expect, it } from 'vitest';
import { SensorId } from '../../../../main/contract/values.ts';
import { exportName, foundSensors } from './choice.ts';

const sensor = (id: number, assetName: string, name: string) => ({ id: SensorId.parse(id), assetName, name, unit: null });
const sensors = [sensor(1, 'P-10', 'flow'), sensor(2, 'P-9', 'speed'), sensor(3, 'P-9', 'flow')];

describe('sensors to export', () => {
  it('are found by words of machine and sensor, in the order of their names', () => {
    expect(foundSensors(sensors, '').map(({ machine, sensors: own }) => [machine, own.map(({ name }) => name)])).toEqual([['P-9', ['flow', 'speed']], ['P-10', ['flow']]]);
    expect(foundSensors(sensors, 'FLOW p-9').flatMap(({ sensors: own }) => own.map(({ id }) => Number(id)))).toEqual([3]);
    expect(foundSensors(sensors, 'none')).toEqual([]);
  });

  it('propose a bare name', () => {
    expect(exportName(new Set(['P-9']), 'Plant', 'csv')).toBe('P-9.csv');
    expect(exportName(new Set(['P-9', 'P-10']), 'Werk/Süd', 'parquet')).toBe('Werk_Süd.parquet');
    expect(exportName(new Set(), '../..', 'csv')).toBe('readings.csv');
  });
});
