import type { Mapping } from '../../contract/data.ts';
import type { Asset } from '../../contract/plant.ts';
import type { AssetId, Micros, SensorId, SourceId } from '../../contract/values.ts';
import { AppError } from '../../contract/errors.ts';
import type { Plant } from '../../store/plant.ts';
import { toUnit } from '../shape/units.ts';
import { machineTypeOf } from '../shape/naming.ts';
import { type Gathered, gatheredOf, type GatheredRows } from './gathered.ts';
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

const nothing = ({ rowsRead, aside }: Gathered): Committed => ({
  rowsRead,
  rowsStored: 0,
  valuesStored: 0,
  missing: 0,
  duplicates: 0,
  replaced: 0,
  late: 0,
  quarantined: aside.length,
  reasons: {},
  events: 0,
  assets: new Set(),
});

/**
 * Appends the rows. A record may lie in several sets (groups of columns with times of their own): where nothing was stored before,
 * the records with a number are the records stored; otherwise as many as the fullest group stored.
 */
const appendSets = (plant: Plant, registry: Registry, { sets, groups, filledRecords }: Gathered, counts: Committed): void => {
  let stored = 0;
  let filled = 0;
  let fullest = 0;
  for (const set of sets) {
    const rows = appendSet(plant, registry, set, counts);
    stored += rows;
    filled += set.filledRows;
    fullest = Math.max(fullest, rows);
  }
  if (groups <= 1) counts.rowsStored += stored;
  else counts.rowsStored += stored === filled ? filledRecords : fullest;
};

/** Appends the rows of one asset; returns those that brought something new. */
const appendSet = (plant: Plant, registry: Registry, { asset, pieces }: GatheredRows, counts: Committed): number => {
  const known = registry.assets.get(asset)?.id;
  let rows = 0;
  for (const { positions, columns, sealed } of pieces) {
    const filled = columns.map(({ column }) => column.isFilled || (known !== undefined && registry.knows(known, column.name)));
    if (!filled.includes(true)) continue;
    const { id } = registry.asset(asset);
    const stored = plant.series.append({
      asset: id,
      positions,
      columns: columns.flatMap(({ column, values }, k) => (filled[k] === true ? [{ sensor: registry.sensor(id, column), values }] : [])),
      sealed: sealed ? { ...sealed, columns: sealed.columns.filter((_, k) => filled[k] === true) } : null,
    });
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
const addEvents = (plant: Plant, registry: Registry, gathered: Gathered, counts: Committed, isTable: boolean): void => {
  const events = gathered.events.map(({ asset, ...event }) => ({ ...event, asset: registry.asset(asset).id }));
  const before = plant.events.count();
  plant.events.addFromFile(events);
  counts.events = plant.events.count() - before;
  if (isTable) counts.rowsStored += counts.events;
  for (const { asset } of events) counts.assets.add(asset);
};

/**
 * Stores what was gathered: rows, events, rows set aside and the file's position, all in one transaction, so that each row
 * comes in exactly once wherever the power fails. In long form each record is one reading, so the readings stored are the records stored.
 * @throws AppError('disk-full' | ...) from the store; nothing has been stored then
 */
export const commitGathered = (plant: Plant, registry: Registry, gathered: Gathered, mapping: Mapping, file: FileRecord, now: Micros): Committed => {
  const counts = nothing(gathered);
  const { aside, position, line, state } = gathered;
  try {
    plant.transaction(() => {
      appendSets(plant, registry, gathered, counts);
      if (mapping.layout === 'long') counts.rowsStored = counts.valuesStored;
      if (gathered.events.length > 0) addEvents(plant, registry, gathered, counts, mapping.layout === 'events');
      const saved = plant.sources.saveFile({ ...file, bytes: Math.max(file.bytes, position), position, line, quarantined: file.quarantined + aside.length, mapping, state, seenAt: now });
      file.id = saved.id;
      plant.quarantine.add(aside.map(({ line: at, reason, original }) => ({ sourceFile: saved.id, file: file.path, line: at, reason, original, at: now })));
    });
  } catch (thrown) {
    registry.forget();
    throw thrown;
  }
  file.quarantined += aside.length;
  for (const { reason } of aside) counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
  return counts;
};

/** Stores what an intake has gathered, and clears it; see commitGathered. */
export const commitIntake = (plant: Plant, registry: Registry, intake: Intake, mapping: Mapping, file: FileRecord, isComplete: boolean, now: Micros): Committed => {
  const counts = commitGathered(plant, registry, gatheredOf(intake, isComplete), mapping, file, now);
  intake.clear();
  return counts;
};
