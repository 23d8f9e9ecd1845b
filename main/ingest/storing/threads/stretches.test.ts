import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportRequest } from '../../../contract/data.ts';
import { microsOf } from '../../../contract/values.ts';
import { settableClock } from '../../../engine/clock.ts';
import { silentLog } from '../../../engine/log.ts';
import { openPlant, type Plant } from '../../../store/plant.ts';
import { createIngest } from '../../ingest.ts';
import { findShape } from '../../shape/mapping.ts';
import { type Gathered, gatheredOf } from '../gathered.ts';
import { Intake, IntakeState } from '../intake.ts';
import { readStretch } from './stretch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stretches-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const two = (n: number): string => String(n).padStart(2, '0');
const timeOf = (i: number): string => new Date(Date.UTC(2025, 0, 1) + i * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** Each sensor's positions and values in the order in which they came, and what was set aside. */
const contentsOf = (parts: readonly Gathered[]) => {
  const series: Record<string, [number, number][]> = {};
  let line = 0;
  const aside: [number, string][] = [];
  for (const { sets, aside: rows, line: lines } of parts) {
    for (const { asset, pieces } of sets)
      for (const { positions, columns } of pieces) for (const { column, values } of columns) (series[`${asset} ${column.name}`] ??= []).push(...Array.from(positions, (at, i): [number, number] => [at, values[i] ?? NaN]));
    aside.push(...rows.map(({ line: at, reason }): [number, string] => [at + line, reason]));
    line += lines;
  }
  return { series, aside, line };
};

const row = fc.record({ kind: fc.constantFrom('plain', 'plain', 'plain', 'plain', 'odd', 'quoted', 'lines', 'blank', 'remark'), value: fc.integer({ min: -9999, max: 9999 }), end: fc.constantFrom('\n', '\n', '\r\n') });

describe('stretches of a file', () => {
  it('come to what the whole file does, wherever it is cut; what reached over a cut is seen by where its records begin', () => {
    const path = join(folder, 'a.csv');
    fc.assert(
      fc.property(fc.array(row, { minLength: 10, maxLength: 120 }), fc.array(fc.nat(10_000), { minLength: 1, maxLength: 5 }), fc.boolean(), (rows, rawCuts, isLong) => {
        const lines = rows.map(({ kind, value, end }, i) => {
          const cells = isLong ? [timeOf(i >> 1), i % 2 === 0 ? 'T1' : 'T 2', String(value / 10)] : [timeOf(i), String(value / 10), String(value)];
          if (kind === 'odd') cells[0] = 'when';
          if (kind === 'quoted') cells[2] = `"${cells[2] ?? ''}"`;
          if (kind === 'lines') cells[1] = '"two\nlines"';
          return (kind === 'blank' ? '' : kind === 'remark' ? '# well' : cells.join(',')) + end;
        });
        const header = isLong ? 'time,tag,value\n' : 'time,a,b\n';
        const bytes = Buffer.from(header + lines.join(''));
        writeFileSync(path, bytes);
        const { mapping } = findShape(Buffer.from(header + Array.from({ length: 20 }, (_, i) => (isLong ? `${timeOf(i >> 1)},T${i % 2},${i}.5\n` : `${timeOf(i)},1.5,2\n`)).join('')), true, 'UTC');
        const state = IntakeState.parse({});
        const file = { path, mapping, asset: 'pump', unitsOf: null, state };
        const whole = new Intake(mapping, { position: header.length, line: 1, state, defaultAsset: 'pump', nameAsset: (text) => text, rows: { capacity: 16, most: Infinity } });
        whole.feed(bytes.subarray(header.length));
        whole.work(false);
        const expected = contentsOf([{ ...gatheredOf(whole, false), line: whole.line - 1, aside: whole.aside.map((one) => ({ ...one, line: one.line - 1 })) }]);
        const cuts = [header.length, ...rawCuts.map((cut) => header.length + (cut % (bytes.length - header.length))).toSorted((a, b) => a - b), bytes.length];
        const parts: Gathered[] = [];
        let position = header.length;
        for (const [k, from] of cuts.slice(0, -1).entries()) {
          const to = cuts[k + 1] ?? 0;
          const stretch = readStretch(file, from, to, k === 0);
          if (stretch?.start === position) parts.push(stretch.gathered);
          // As the import does it: from where the stretch before ended.
          else if (position < to) parts.push(readStretch(file, position, to, true)?.gathered ?? gatheredOf(whole, false));
          position = parts.at(-1)?.position ?? position;
        }
        expect(contentsOf(parts)).toEqual(expected);
        expect(position).toBe(whole.position);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('on a day on which clocks change do not stand alone', () => {
    const path = join(folder, 'a.csv');
    const text = `time,a\n${Array.from({ length: 400 }, (_, i) => `2025-10-26 ${two(Math.floor(i / 60) % 24)}:${two(i % 60)}:00,${i}.5\n`).join('')}`;
    writeFileSync(path, text);
    for (const [zone, standsAlone] of [['Europe/Berlin', false], ['UTC', true]] as const) {
      const { mapping } = findShape(Buffer.from(text), true, zone);
      expect(readStretch({ path, mapping, asset: 'pump', unitsOf: null, state: IntakeState.parse({}) }, 7, 4000, true)?.standsAlone).toBe(standsAlone);
    }
  });
});

describe('a large file', () => {
  const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));
  const columns = 30;
  const rows = 70_000;
  const odd = new Set([17_001, 52_345]);
  const textOf = (i: number): string => `${odd.has(i) ? 'never' : timeOf(i)}${`,${(i % 997) / 4}`.repeat(columns)}\n`;

  const open = (name: string): Plant => openPlant(join(folder, name), { clock });
  const importInto = (plant: Plant, path: string, signal?: AbortSignal, committed?: () => void) =>
    createIngest({ plant, clock, log: silentLog }).importFiles(ImportRequest.parse({ files: [path], site: 'UTC', asset: 'pump' }), { signal, committed });

  it('comes in whole and once through the reading threads, after it was cut as well, with its odd rows set aside', async () => {
    const path = join(folder, 'large.csv');
    writeFileSync(path, `time,${Array.from({ length: columns }, (_, k) => `s${k}`).join(',')}\n${Array.from({ length: rows }, (_, i) => textOf(i)).join('')}${textOf(rows).trimEnd()}`);
    const plant = open('p');
    const controller = new AbortController();
    await expect(importInto(plant, path, controller.signal, () => controller.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const before = plant.sources.files(null)[0];
    expect(before?.position).toBeGreaterThan(0);
    const report = await importInto(plant, path);
    expect(report.files[0]).toMatchObject({ duplicates: 0, replaced: 0 });
    expect(plant.quarantine.page(10).rows.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual([17_003, 52_347]);
    for (const name of ['s0', 's29']) {
      const sensor = plant.sensors.named(name)[0];
      const { positions, values } = plant.series.read(sensor?.id ?? (() => { throw new Error('no sensor'); })());
      const expected = Array.from({ length: rows + 1 }, (_, i) => i).filter((i) => !odd.has(i));
      expect(values.length).toBe(expected.length);
      expect(expected.every((i, k) => positions[k] === (Date.UTC(2025, 0, 1) + i * 1000) * 1000 && values[k] === (i % 997) / 4)).toBe(true);
    }
    expect(plant.series.problems()).toEqual([]);
    plant.close();
  }, 60_000);
});
