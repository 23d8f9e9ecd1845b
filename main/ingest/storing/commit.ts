import type { Mapping } from '../../contract/data.ts';
import type { Asset } from '../../contract/plant.ts';
import type { AssetId, Micros, SensorId, SourceId } from '../../contract/values.ts';
import { AppError } from '../../contract/errors.ts';
import type { Plant } from '../../store/plant.ts';
import { toUnit } from '../shape/units.ts';
import { machineTypeOf } from '../shape/naming.ts';
import { piecesOf, type Piece } from './batch.ts';
import type { Intake } from './intake.ts';
import type { Tag } from './tagrows.ts';

/** What one commit stored. */
export interface Committed {
  rowsRead: number;
  rowsStored: number;
  valuesStored: number;
  missing: number;
  duplicates: number;
  replaced: number;
  /** Rows with a new reading that came after newer ones. */
  late: number;
  quarantined: number;
  reasons: Record<string, number>;
  events: number;
  assets: Set<AssetId>;
}

/** The file that the rows come from, as it is saved with them. */
export interface FileRecord {
  id: number | undefined;
  source: SourceId | null;
  path: string;
  identity: string;
  identityBytes: number;
  bytes: number;
  quarantined: number;
}

/** Assets and sensors of one file by their names: looked up once, made when a reading comes in for them. */
export class Registry {
  readonly assets = new Map<string, Asset>();
  private readonly sensors = new Map<string, SensorId>();
  private readonly plant: Plant;
  private readonly mapping: Mapping;
  private readonly line: string | null;

  /** `line`: the name under which the file's assets stand together, or null. */
  constructor(plant: Plant, mapping: Mapping, line: string | null) {
    this.plant = plant;
    this.mapping = mapping;
    this.line = line;
  }

  asset(name: string): Asset {
    const known = this.assets.get(name);
    if (known) return known;
    const machineType = this.mapping.machineType ?? machineTypeOf(name, this.mapping.columns.find((column) => column.role === 'asset')?.name ?? null);
    const path = this.line === null ? name.split('/') : [this.line, name];
    const asset = (this.line === null ? this.existing(name) : undefined) ?? this.plant.assets.ensure({ path, machineType, axis: this.mapping.axis });
    if (asset.axis !== this.mapping.axis)
      throw new AppError('mapping-invalid', `the readings of ${name} are on an axis of ${this.mapping.axis}, and the plant has a machine of that name with an axis of ${asset.axis}; give another name with --asset`, { asset: name });
    this.assets.set(name, asset);
    return asset;
  }

  /** A machine that the plant has, wherever in the tree it stands. */
  private existing(name: string): Asset | undefined {
    try {
      const found = this.plant.assets.byName(name);
      return found?.level === 'machine' ? found : undefined;
    } catch (thrown) {
      // Several machines have this name: the one at the top is meant, since the file names no place.
      if (AppError.of(thrown).code === 'input-invalid') return undefined;
      throw thrown;
    }
  }

  sensor(asset: AssetId, column: Tag): SensorId {
    const key = `${asset}\0${column.name}`;
    const known = this.sensors.get(key);
    if (known !== undefined) return known;
    const { unit, unitAsWritten, kind, name } = column;
    const { id } = this.plant.sensors.ensure({ asset, name, unit, unitAsWritten, quantity: toUnit(unit).quantity, kind });
    this.sensors.set(key, id);
    return id;
  }

  /** True once the sensor has been looked up: then a batch without a number in it counts as missing readings. */
  knows(asset: AssetId, name: string): boolean {
    return this.sensors.has(`${asset}\0${name}`);
  }

  /** Forgets what a transaction that was undone had made. */
  forget(): void {
    this.assets.clear();
    this.sensors.clear();
  }
}

const nothing = (intake: Intake): Committed => ({
  rowsRead: intake.rowsRead,
  rowsStored: 0,
  valuesStored: 0,
  missing: 0,
  duplicates: 0,
  replaced: 0,
  late: 0,
  quarantined: intake.aside.length,
  reasons: {},
  events: 0,
  assets: new Set(),
});

/**
 * Appends the batches. A record may lie in several batches (groups of columns with times of their own): where nothing was stored before,
 * the records with a number are the records stored; otherwise as many as the fullest group stored.
 */
const appendBatches = (plant: Plant, registry: Registry, intake: Intake, counts: Committed): void => {
  let stored = 0;
  let filled = 0;
  let fullest = 0;
  for (const batch of intake.rows.batches.values()) {
    if (batch.rows === 0) continue;
    const rows = appendPieces(plant, registry, batch.asset, piecesOf(batch), counts);
    stored += rows;
    filled += batch.filledRows;
    fullest = Math.max(fullest, rows);
  }
  for (const rows of intake.rows.tagged.values()) stored += appendPieces(plant, registry, rows.asset, rows.pieces(), counts);
  if (intake.rows.plan.groups.length <= 1) counts.rowsStored += stored;
  else counts.rowsStored += stored === filled ? intake.rows.filledRecords : fullest;
};

/** Appends the pieces of one asset; returns their rows that brought something new. */
const appendPieces = (plant: Plant, registry: Registry, asset: string, pieces: readonly Piece[], counts: Committed): number => {
  const known = registry.assets.get(asset)?.id;
  let rows = 0;
  for (const piece of pieces) {
    const filled = piece.columns.filter(({ column }) => column.isFilled || (known !== undefined && registry.knows(known, column.name)));
    if (filled.length === 0) continue;
    const { id } = registry.asset(asset);
    const stored = plant.series.append({ asset: id, positions: piece.positions, columns: filled.map(({ column, values }) => ({ sensor: registry.sensor(id, column), values })) });
    counts.valuesStored += stored.valuesStored;
    counts.missing += stored.missing;
    counts.duplicates += stored.duplicates;
    counts.replaced += stored.replaced;
    counts.late += stored.late;
    counts.assets.add(id);
    rows += stored.rowsStored;
  }
  return rows;
};

/** `isTable`: the records are events, not readings with operating modes among them. */
const addEvents = (plant: Plant, registry: Registry, intake: Intake, counts: Committed, isTable: boolean): void => {
  const events = intake.rows.events.map(({ asset, ...event }) => ({ ...event, asset: registry.asset(asset).id }));
  const before = plant.events.list().length;
  plant.events.add(events);
  counts.events = plant.events.list().length - before;
  if (isTable) counts.rowsStored += counts.events;
  for (const { asset } of events) counts.assets.add(asset);
};

/**
 * Stores what the intake has gathered: rows, events, rows set aside and the file's position, all in one transaction, so that each row
 * comes in exactly once wherever the power fails. In long form each record is one reading, so the readings stored are the records stored.
 * @throws AppError('disk-full' | ...) from the store; nothing has been stored then
 */
export const commitIntake = (plant: Plant, registry: Registry, intake: Intake, mapping: Mapping, file: FileRecord, isComplete: boolean, now: Micros): Committed => {
  const counts = nothing(intake);
  try {
    plant.transaction(() => {
      appendBatches(plant, registry, intake, counts);
      if (mapping.layout === 'long') counts.rowsStored = counts.valuesStored;
      if (intake.rows.events.length > 0) addEvents(plant, registry, intake, counts, mapping.layout === 'events');
      const saved = plant.sources.saveFile({
        ...file,
        bytes: Math.max(file.bytes, intake.position),
        position: intake.position,
        line: intake.line,
        quarantined: file.quarantined + intake.aside.length,
        mapping,
        state: intake.state(isComplete),
        seenAt: now,
      });
      file.id = saved.id;
      plant.quarantine.add(intake.aside.map(({ line, reason, original }) => ({ sourceFile: saved.id, file: file.path, line, reason, original, at: now })));
    });
  } catch (thrown) {
    registry.forget();
    throw thrown;
  }
  file.quarantined += intake.aside.length;
  for (const { reason } of intake.aside) counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
  intake.clear();
  return counts;
};
