import { basename, dirname } from 'node:path';
import { medianOf } from '../../../ml/dataset/grid.ts';
import type { Decision, Finding, ImportRequest, Inspection, Mapping } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { Asset } from '../../contract/plant.ts';
import type { Plant } from '../../store/plant.ts';
import { endsOfUnits } from '../cmapss.ts';
import { insideArchive, isZipHead, membersOf } from '../reading/archive.ts';
import { identityBytes, identityOf, openSample, readHead, readSample, sizeOf } from '../reading/bytes.ts';
import { decoderOf } from '../reading/encoding.ts';
import { overruled } from '../shape/decisions.ts';
import { findShape, type Shape, type Wanted } from '../shape/mapping.ts';
import { valueName } from '../shape/roles.ts';
import { assetNameOf, type DaySpan, stemOf } from '../shape/naming.ts';
import { settleOrder } from '../shape/order.ts';
import { dayInName } from '../shape/stated.ts';
import { microsPerDay } from '../times/civil.ts';
import { orderOf } from '../times/clock.ts';
import { Intake, IntakeState } from './intake.ts';
import { eventKindOf } from './eventrows.ts';
import { causeKey } from './rows.ts';
import { adapted, askedMapping, type Given, recognised, wantedOf } from './given.ts';
import { orderOfRows, passBefore } from './passes.ts';

/** A file looked at and ready to be read. */
export interface Prepared {
  path: string;
  bytes: number;
  /** Its first bytes on the disk, for its identity. */
  head: Buffer;
  mapping: Mapping;
  findings: Finding[];
  hasData: boolean;
  /** Name of the asset of a file that names none, and of the line that its assets stand on. */
  asset: string;
  line: string | null;
  nameAsset: (text: string) => string;
  /** Where reading begins: behind the byte order mark. */
  start: number;
  state: IntakeState;
  /** Its values are so many that no other machine's file begins alike by chance. */
  isTelling: boolean;
  preview: Inspection['preview'];
  events: Inspection['events'];
  decisions: Inspection['decisions'];
  profile: string | null;
  raw: string[];
}

export interface Asked {
  site: string;
  asset: string | null;
  profile: string;
  mapping: Mapping | null;
  /** The file still grows: its last line may be half written. */
  isLive?: boolean;
  /** Somebody looks at its first rows: it is told why cells have no value. */
  isLook?: boolean;
  /** Microseconds since 1970: later times than a year from now are a clock that runs ahead. */
  now: number;
}

const year2001 = Date.UTC(2001, 0, 1) * 1000;
const year2005 = Date.UTC(2005, 0, 1) * 1000;
const previewRows = 20;

/** How files that hold readings and are no text begin. */
const binaryKinds: readonly (readonly [mark: string, name: string])[] = [
  ['%PDF', 'a PDF'],
  ['PAR1', 'a Parquet file'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook'],
  ['MATLAB 5', 'a .mat file of MATLAB'],
  ['\u0089HDF', 'an HDF5 file'],
  ['TDSm', 'a .tdms file of LabVIEW'],
  ['SQLite f', 'an SQLite database'],
];

/** Files that are no text: said at once, with what to do. `head`: as it is on the disk, and as it is when uncompressed. */
const refuseBinary = async (path: string, head: Buffer): Promise<void> => {
  if (isZipHead(head) && insideArchive(path) === null) {
    const members = await membersOf(path);
    throw new AppError('file-not-understood', `${path} is a zip archive of ${members.length} files; name those in it, such as ${members[0]?.path ?? ''}`, { path });
  }
  const start = head.toString('latin1', 0, 8);
  if (head.toString('latin1', 257, 262) === 'ustar') throw new AppError('file-not-understood', `${path} is a tar archive; unpack it, or make a zip archive of its files, and import that`, { path });
  const kind = isZipHead(head) ? 'a zip archive within another, or an Excel workbook' : (binaryKinds.find(([mark]) => start.startsWith(mark))?.[1] ?? null);
  if (kind !== null) throw new AppError('file-not-understood', `${path} is ${kind}, not a text file; export it as CSV and import that`, { path });
};

/** Runs the sample through the reader as the import will. `isLook`: cell by cell, so that it tells why cells have no value. */
const tryOut = (sample: Buffer, whole: boolean, prepared: Prepared, isLook = false): { intake: Intake; positions: number[] } => {
  const intake = new Intake(prepared.mapping, { position: prepared.start, line: 0, state: prepared.state, defaultAsset: prepared.asset, nameAsset: prepared.nameAsset, isGeneral: isLook });
  if (isLook) intake.rows.causes = new Map();
  intake.rows.eventKind = tableKind(prepared) ?? 'error';
  intake.feed(sample.subarray(prepared.start));
  intake.work(whole);
  const positions = [...intake.rows.positions()];
  for (const event of intake.rows.events) positions.push(event.start);
  return { intake, positions: positions.toSorted((a, b) => a - b) };
};

/** Times since a start or on a day that the file doesn't tell. */
const isUndated = ({ timestamp }: Mapping): boolean => /\b(?:since|on) 1970-01-01/.test(timestamp.format);

/** Rows of 1970 to 2000 amid a log of today are a clock that was never set; times a year ahead one that runs wrong. */
const boundTimes = (prepared: Prepared, positions: readonly number[], now: number): void => {
  const middle = positions[Math.floor(positions.length / 2)];
  if (prepared.mapping.axis !== 'time' || isUndated(prepared.mapping) || middle === undefined) return;
  if (middle >= year2005) prepared.state.earliest = year2001;
  prepared.state.latest = Math.max(now, middle) + 366 * microsPerDay;
};

const spanOf = (mapping: Mapping, positions: readonly number[]): DaySpan | null => {
  const plausible = positions.filter((at) => at >= year2001);
  const first = plausible[0];
  const last = plausible.at(-1);
  return mapping.axis !== 'time' || isUndated(mapping) || first === undefined || last === undefined ? null : { first: Math.floor(first / microsPerDay), last: Math.floor(last / microsPerDay) };
};

const previewOf = (intake: Intake): Inspection['preview'] => {
  const rows: Inspection['preview'] = [];
  for (const batch of intake.rows.tables(previewRows))
    for (let row = 0; row < Math.min(batch.rows, previewRows); row++) {
      const columns = batch.columns.filter((column) => column.isFilled && (column.asked === null || column.asked[row] === 1));
      rows.push({
        at: batch.positions[row] ?? 0,
        asset: batch.asset,
        values: columns.map((column) => {
          const value = column.values[row] ?? NaN;
          if (!Number.isNaN(value)) return { sensor: column.name, value };
          const missing = intake.rows.causes?.get(causeKey(batch.asset, column.name, batch.positions[row] ?? NaN));
          return { sensor: column.name, value: null, ...(missing === undefined ? {} : { missing }) };
        }),
      });
    }
  return rows.slice(0, previewRows);
};

/** As many different values don't come together by chance; idle machines write the same zeros. */
const tellingValues = 8;

const isTelling = (intake: Intake): boolean => {
  const values = new Set<number>();
  for (const value of intake.rows.readings()) {
    if (!Number.isNaN(value)) values.add(value);
    if (values.size >= tellingValues) break;
  }
  return values.size >= tellingValues;
};

/** True for a file that begins like one that was read before. */
const isKnown = (plant: Plant, head: Buffer): boolean => plant.sources.files(null).some((file) => file.identityBytes <= head.length && identityOf(head, file.identityBytes) === file.identity);

/** A file that was read before keeps the asset that it had then, under whatever name it comes now. */
const knownAsset = (plant: Plant, head: Buffer): string | null => {
  const hashes = new Map<number, string>();
  for (const file of [...plant.sources.files(null), ...plant.sources.list().flatMap((source) => plant.sources.files(source.id))]) {
    if (file.identityBytes > head.length) continue;
    let hash = hashes.get(file.identityBytes);
    if (hash === undefined) hashes.set(file.identityBytes, (hash = identityOf(head, file.identityBytes)));
    const state = IntakeState.safeParse(file.state);
    if (hash === file.identity && state.success && state.data.asset !== '') return state.data.asset;
  }
  return null;
};

/**
 * The asset by the file's name where the plant has it; else that of a known file that begins alike, or that this file goes on from; else
 * a new one of that name.
 */
const assetByFile = (plant: Plant, prepared: Prepared, name: string, positions: readonly number[]): string => {
  const machines = plant.assets.machines();
  if (machines.some((machine) => machine.name === name)) return name;
  return (prepared.isTelling ? knownAsset(plant, prepared.head) : null) ?? continuedAsset(plant, machines, prepared, name, positions) ?? name;
};

const seriesName = (name: string): string => name.replace(/[\s_-]*(?:\d+|[A-Za-z])$/, '').replace(/\d+$/, '');

/**
 * The machine whose readings this file goes on with: part 2 of a log begins where part 1 ended, one interval later, with the same
 * sensors, under the same name but for a number or a letter. Logs of two machines of a kind run beside each other, not one after the other.
 */
const continuedAsset = (plant: Plant, machines: readonly Asset[], { mapping }: Prepared, name: string, positions: readonly number[]): string | null => {
  const first = positions[0];
  const interval = medianOf(positions.slice(1).map((at, i) => at - (positions[i] ?? NaN)));
  if (first === undefined || !(interval > 0) || mapping.columns.some((column) => column.role === 'asset')) return null;
  const names = new Set(mapping.columns.filter((column) => column.role === 'value' || column.role === 'state').map((column) => column.name));
  const found = machines.find((machine) => {
    if (machine.axis !== mapping.axis || seriesName(machine.name) !== seriesName(name)) return false;
    const infos = plant.series.infos(machine.id);
    const gap = first - Math.max(...infos.map((info) => info.last ?? -Infinity));
    if (!(gap > 0 && gap <= 2 * interval)) return false;
    return plant.sensors.ofAsset(machine.id).filter((sensor) => names.has(sensor.name)).length >= Math.max(1, infos.length / 2);
  });
  return found?.name ?? null;
};

const shapeOf = async (plant: Plant, path: string, sample: { bytes: Buffer; whole: boolean }, asked: Asked): Promise<{ shape: Shape; given: Given | null }> => {
  const base: Wanted = { nameDay: dayInName(stemOf(path)), ...(asked.profile === 'cmapss' ? { cmapss: true } : {}) };
  const asGiven = (given: Given): { shape: Shape; given: Given } => {
    const shape = findShape(sample.bytes, sample.whole, asked.site, { ...base, ...wantedOf(given) });
    const mapping = adapted(given, shape);
    const by = given.profile === null ? 'decided by hand' : `decided by the profile '${given.profile}'`;
    return { shape: { ...shape, mapping, isOrderOpen: false, decisions: overruled(shape.decisions, mapping, by), findings: shape.findings.filter(({ code }) => code !== 'date-order-open') }, given };
  };
  const given = askedMapping(plant, asked);
  if (given) return asGiven(given);
  const shape = findShape(sample.bytes, sample.whole, asked.site, base);
  const known = asked.profile === 'auto' && shape.hasData && shape.mapping.layout !== 'cmapss' ? recognised(plant, shape) : null;
  if (known) return asGiven(known);
  if (!shape.isOrderOpen || sample.whole) return { shape, given: null };
  const settled = await settleOrder(path, shape.mapping);
  const findings = settled.isOpen ? shape.findings : [...shape.findings.filter((finding) => finding.code !== 'date-order-open'), { code: 'date-order', message: settled.why }];
  const decisions = shape.decisions.map((decision) => (decision.code === 'day-month-order' ? { ...decision, chosen: orderOf(settled.mapping.timestamp.format), why: settled.why, isCertain: !settled.isOpen } : decision));
  return { shape: { ...shape, mapping: settled.mapping, isOrderOpen: settled.isOpen, findings, decisions }, given: null };
};

const profileFinding = (given: Given | null): Finding[] => (typeof given?.profile !== 'string' ? [] : [{ code: 'profile', message: `read by the profile '${given.profile}', which knows these columns` }]);

const rawCount = 20;
const rawWidth = 500;

/** The first lines as they stand in the file. */
const rawLines = (sample: Buffer, encoding: string): string[] => {
  const { bytes } = openSample(sample.subarray(0, 64 * 1024), encoding);
  const lines = decoderOf(encoding)(bytes).split(/\r\n|\n|\r/).slice(0, rawCount);
  return lines.map((line) => line.slice(0, rawWidth));
};

const assetDecision = ({ asset, mapping, line }: Prepared, asked: Asked): Decision => {
  const column = mapping.columns.find(({ role }) => role === 'asset');
  if (column) return { code: 'asset', chosen: column.name, why: line === null ? 'a column names the machine of each row' : 'a column numbers the units', alternatives: [], isCertain: true };
  return { code: 'asset', chosen: asset, why: asked.asset !== null || mapping.asset !== null ? 'named by hand' : "by the file's name, or a log that this one goes on from", alternatives: [], isCertain: true };
};

/** Names that say nothing of what was measured: a file of one such column is named by its tag. */
const isUntold = ({ columns, layout }: Mapping): boolean => {
  const values = columns.filter((column) => column.role === 'value' || column.role === 'state');
  return layout === 'wide' && values.length === 1 && valueName.test(values[0]?.name ?? '') && !columns.some((column) => column.role === 'asset');
};

/** The loop's number as instrument lists write it: TI-101, PIC_2034A. Source: ISA-5.1. */
const loopTag = /^[A-Z]{1,5}[-_. ]?\d{2,5}[A-Z]?$/;

/** A name that tells what was measured: pump_2_temperature, 2号风机_电流. */
const quantityInName = /[_ -](?:temp(?:eratur[e]?)?|pressure|druck|current|strom|vib(?:ration)?|speed|drehzahl|flow|durchfluss|level|füllstand|power|leistung|voltage|spannung|torque|humidity|feuchte)$|(?:电流|电压|温度|压力|振动|转速|流量|液位|功率|湿度|電流|電圧|圧力|振動)$/i;

/** One file a sensor: its only column, called 'Value', takes the name of the tag that the metadata or the file's name state. */
const namedByTag = ({ mapping, tag }: Shape, stem: string): Mapping => {
  const name = tag?.name ?? (loopTag.test(stem) || quantityInName.test(stem) ? stem : null);
  if (name === null || !isUntold(mapping)) return mapping;
  const columns = mapping.columns.map((column) => (column.role === 'value' || column.role === 'state' ? { ...column, name, unit: column.unit ?? tag?.unit ?? null, unitAsWritten: column.unitAsWritten ?? tag?.unit ?? null, why: `${column.why}; named by the tag that the file is about` } : column));
  return { ...mapping, columns };
};

/** A tag's file is about the machine of its folder; other files are about the machine that they are named after. */
const machineOf = (path: string, { mapping }: Shape, name: string): string => (isUntold(mapping) && loopTag.test(stemOf(path)) ? basename(dirname(path)) || name : name);

/**
 * Looks at a file: its form, by what is asked or found; the asset that it is about; what times are plausible; its first rows as they will
 * be stored. Stores nothing. Throws file-unreadable, file-not-understood, not-found.
 */
export const prepareFile = async (plant: Plant, path: string, asked: Asked): Promise<Prepared> => {
  const bytes = await sizeOf(path);
  const head = await readHead(path, identityBytes);
  await refuseBinary(path, head);
  const read = await readSample(path);
  await refuseBinary(path, read.bytes.subarray(0, 512));
  const sample = { bytes: read.bytes, whole: read.whole && asked.isLive !== true };
  const { encoding } = openSample(sample.bytes);
  const { shape, given } = await shapeOf(plant, path, sample, asked);
  const isCmapss = shape.mapping.layout === 'cmapss';
  const stem = stemOf(path);
  const named = given ? shape.mapping : namedByTag(shape, stem);
  const ends = isCmapss ? endsOfUnits(path) : null;
  const prepared: Prepared = {
    path,
    bytes,
    head,
    mapping: named,
    findings: [...shape.findings, ...(ends === null ? [] : [{ code: 'units-end', message: ends }]), ...profileFinding(given)],
    hasData: shape.hasData && shape.mapping.columns.length > 0,
    asset: asked.asset ?? shape.mapping.asset ?? 'machine',
    line: isCmapss ? stem : null,
    nameAsset: isCmapss ? (unit) => `${stem}-${unit.padStart(3, '0')}` : (text) => text,
    start: encoding.bom,
    state: IntakeState.parse({}),
    isTelling: false,
    preview: [],
    events: [],
    decisions: shape.decisions,
    profile: given?.profile ?? null,
    raw: rawLines(sample.bytes, shape.mapping.dialect.encoding),
  };
  if (!prepared.hasData) return prepared;
  const { intake, positions } = tryOut(sample.bytes, sample.whole, prepared);
  boundTimes(prepared, positions, asked.now);
  Object.assign(prepared.state, orderOfRows([...intake.rows.positions()]));
  prepared.isTelling = isTelling(intake);
  prepared.asset = asked.asset ?? shape.mapping.asset ?? assetByFile(plant, prepared, machineOf(path, shape, assetNameOf(path, spanOf(shape.mapping, positions))), positions);
  prepared.state.asset = prepared.asset;
  const before = isKnown(plant, head) ? null : passBefore(plant, prepared, positions[0]);
  if (before !== null) prepared.state.before = { [prepared.asset]: before };
  prepared.decisions = [...shape.decisions, assetDecision(prepared, asked)];
  const tried = tryOut(sample.bytes, sample.whole, prepared, asked.isLook === true).intake;
  prepared.preview = previewOf(tried);
  prepared.events = tried.rows.events.slice(0, previewRows);
  return prepared;
};

/** What rows of an event table are that name no kind: by the table's name, else by the name of its column. */
export const tableKind = (prepared: Prepared): ReturnType<typeof eventKindOf> =>
  eventKindOf(prepared.mapping.columns.find((column) => column.role === 'mode')?.name ?? '') ?? eventKindOf(stemOf(prepared.path));

/** The look at one file as the contract tells it. */
export const inspectFile = async (plant: Plant, path: string, asked: Asked): Promise<Inspection> => {
  const { bytes, mapping, findings, preview, events, decisions, profile, raw } = await prepareFile(plant, path, { ...asked, isLook: true });
  return { file: path, bytes, mapping, decisions, profile, raw, findings, preview, events };
};

/** Zone of a file whose times state none and for which nobody names one: that in which it was read before, else the plant's. */
export const zoneOf = (plant: Plant, path: string): string => plant.sources.files(null).findLast((file) => file.path === path)?.mapping.timestamp.zone ?? plant.settings.get().zone;

/** What an import request asks of each of its files. */
export const askedOf = (request: ImportRequest, zone: string, now: number): Asked => ({ site: request.site ?? zone, asset: request.asset, profile: request.profile, mapping: request.mapping, now });
