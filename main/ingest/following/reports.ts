import type { FileReport, ImportReport } from '../../contract/data.ts';
import type { AssetId } from '../../contract/values.ts';
import type { Plant } from '../../store/plant.ts';
import type { Committed } from '../storing/commit.ts';

/** What has come in from the files of one source since the engine started. */
export class SourceReports {
  readonly files = new Map<string, FileReport>();
  readonly assets = new Set<AssetId>();
  events = 0;

  add(path: string, counts: Committed): void {
    const report = this.files.get(path) ?? { file: path, rowsRead: 0, rowsStored: 0, valuesStored: 0, missing: 0, duplicates: 0, replaced: 0, late: 0, quarantined: 0, reasons: {}, message: null, error: null };
    this.files.set(path, report);
    for (const key of ['rowsRead', 'rowsStored', 'valuesStored', 'missing', 'duplicates', 'replaced', 'late', 'quarantined'] as const) report[key] += counts[key];
    for (const [reason, count] of Object.entries(counts.reasons)) report.reasons[reason] = (report.reasons[reason] ?? 0) + count;
    this.events += counts.events;
    for (const asset of counts.assets) this.assets.add(asset);
  }
}

/** The report of some sources, as an import tells it. */
export const reportOf = (plant: Plant, sources: readonly SourceReports[], seconds: number): ImportReport => {
  const files = sources.flatMap((source) => [...source.files.values()]);
  const assets = [...new Set(sources.flatMap((source) => [...source.assets]))].flatMap((id) => plant.assets.get(id) ?? []);
  const values = files.reduce((sum, file) => sum + file.valuesStored + file.duplicates + file.replaced, 0);
  return {
    files,
    assets: assets.map(({ name }) => name),
    sensors: assets.flatMap((asset) => plant.sensors.ofAsset(asset.id).map((sensor) => ({ asset: asset.name, name: sensor.name, unit: sensor.unit }))),
    events: sources.reduce((sum, source) => sum + source.events, 0),
    valuesPerSecond: seconds > 0 ? Math.round(values / seconds) : 0,
    peakMemoryMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    seconds,
  };
};
