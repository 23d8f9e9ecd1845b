import { statSync } from 'node:fs';
import type { FileReport, Mapping } from '../../contract/data.ts';
import type { Plant } from '../../store/plant.ts';
import { identityOf, readChunks } from '../reading/bytes.ts';
import { delimiterByte, quoteByte } from '../reading/cells.ts';
import { RecordReader } from '../reading/records.ts';
import { commitGathered, type FileRecord, Registry } from './commit.ts';
import { type Course, countIn, pause } from './course.ts';
import { type Gathered, gatheredOf } from './gathered.ts';
import { Intake, IntakeState } from './intake.ts';
import { type Prepared, tableKind } from './prepare.ts';
import { ReaderPool } from './threads/pool.ts';
import { fewestBytes, Stretches } from './threads/stretches.ts';

/** Bytes read in one go: a piece of rows that all need a long look still lets the engine answer soon. */
const pieceBytes = 256 * 1024;

/** So many stretches that need the records before them, and the rest of the file is read in order. */
const mostRefused = 3;

/** How far a file is stored, and how it is read on. */
interface Point {
  position: number;
  line: number;
  state: IntakeState;
  mapping: Mapping;
}

/** The record of a file that was imported before, or of a new one. An import that was cut goes on; a whole one is read again. */
const openRecord = (plant: Plant, prepared: Prepared): { file: FileRecord; start: Point } => {
  const { head, path, bytes } = prepared;
  const known = plant.sources.files(null).findLast((file) => file.identityBytes <= head.length && identityOf(head, file.identityBytes) === file.identity && file.position <= Math.max(bytes, file.bytes));
  const state = known ? IntakeState.parse(known.state) : null;
  const isSame = known !== undefined && (known.path === path || prepared.isTelling);
  const goesOn = isSame && state !== null && !state.isComplete && known.mapping.layout === prepared.mapping.layout;
  const file: FileRecord = {
    id: known?.id,
    source: null,
    path,
    identity: identityOf(head, head.length),
    identityBytes: head.length,
    bytes,
    quarantined: goesOn ? known.quarantined : 0,
  };
  const start = goesOn ? { position: known.position, line: known.line, state } : { position: prepared.start, line: 0, state: prepared.state };
  return { file, start: { ...start, mapping: goesOn ? known.mapping : prepared.mapping } };
};

/** One file on its way into the plant: read in order by this thread, or stretch by stretch by others; always committed by this one. */
class FileReading {
  private readonly course: Course;
  private readonly prepared: Prepared;
  private readonly report: FileReport;
  private readonly registry: Registry;
  private readonly file: FileRecord;
  private point: Point;

  constructor(course: Course, prepared: Prepared, report: FileReport) {
    const { file, start } = openRecord(course.parts.plant, prepared);
    this.course = course;
    this.prepared = prepared;
    this.report = report;
    this.file = file;
    this.point = start;
    this.registry = new Registry(course.parts.plant, prepared.mapping, prepared.line);
  }

  /** Reads the file to its end. */
  async read(): Promise<void> {
    if (this.isWorthSplitting()) {
      await this.passHeader();
      await this.readStretches();
    }
    await this.readInOrder(Infinity);
    this.course.done += this.prepared.bytes;
  }

  private openIntake(limit: number): Intake {
    const { mapping, ...start } = this.point;
    const intake = new Intake(mapping, { ...start, defaultAsset: this.prepared.asset, nameAsset: this.prepared.nameAsset, limit });
    intake.rows.eventKind = tableKind(this.prepared) ?? 'error';
    return intake;
  }

  /** Passes over the header and what stands above it, which no other thread can tell from records. */
  private async passHeader(): Promise<void> {
    const { position, line, mapping } = this.point;
    const { headerLines, delimiter, quote } = mapping.dialect;
    if (line > 0 || headerLines === 0) return;
    const reader = new RecordReader(delimiterByte(delimiter), 1, quoteByte(quote));
    for await (const chunk of readChunks(this.prepared.path, position)) {
      reader.feed(chunk);
      while (reader.line <= headerLines && reader.next(false));
      break;
    }
    if (reader.line === headerLines + 1) this.point = { ...this.point, position: position + reader.consumed, line: headerLines };
  }

  /** Reads on in this thread, up to the first record that begins at `limit` or behind it; Infinity: to the file's end. */
  private async readInOrder(limit: number): Promise<void> {
    const intake = this.openIntake(limit);
    let onDisk = 0;
    const step = async (final: boolean): Promise<void> => {
      while (intake.work(final)) {
        this.commit(gatheredOf(intake, false));
        intake.clear();
        await pause(this.course);
      }
    };
    for await (const chunk of readChunks(this.prepared.path, intake.position, (bytes) => (onDisk = bytes))) {
      for (let at = 0; at < chunk.length && intake.position < limit; at += pieceBytes) {
        intake.feed(chunk.subarray(at, at + pieceBytes));
        await step(false);
        await pause(this.course);
      }
      this.tell(onDisk);
      if (intake.position >= limit) break;
    }
    const isEnd = intake.position < limit;
    if (isEnd) await step(true);
    this.commit(gatheredOf(intake, isEnd && limit === Infinity));
    intake.clear();
  }

  private tell(bytes: number): void {
    this.course.hooks.progress?.('reading', this.course.done + bytes, this.course.total);
  }

  private commit(gathered: Gathered): void {
    const { plant, clock } = this.course.parts;
    countIn(this.course, this.report, commitGathered(plant, this.registry, gathered, this.prepared.mapping, this.file, clock.now()));
    this.point = { ...this.point, position: gathered.position, line: gathered.line, state: gathered.state };
    if (!gathered.state.isComplete) plant.series.seal();
  }

  private get isLarge(): boolean {
    return this.prepared.bytes - this.point.position >= fewestBytes;
  }

  /** A file as it lies on the disk, of records that are plain, with enough of them left. */
  private isWorthSplitting(): boolean {
    const { path, bytes, head } = this.prepared;
    if (!this.isLarge || this.point.state.columns !== null) return false;
    if (statSync(path, { throwIfNoEntry: false })?.size !== bytes || (head[0] === 0x1f && head[1] === 0x8b)) return false;
    return this.openIntake(Infinity).isPlain;
  }

  private async readStretches(): Promise<void> {
    if (this.course.readers === undefined) this.course.readers = ReaderPool.open();
    const { readers } = this.course;
    if (readers === null || this.point.line < this.point.mapping.dialect.headerLines) return;
    const { mapping, state, position } = this.point;
    const { path, asset, line, bytes } = this.prepared;
    const stretches = new Stretches(readers, { path, mapping, asset, unitsOf: line, state: { ...state, before: {} } }, position, bytes);
    let refused = 0;
    try {
      for (let next = await stretches.take(); next !== null && refused < mostRefused; next = await stretches.take()) {
        const { stretch, to } = next;
        if (stretch?.standsAlone === true && stretch.start === this.point.position) {
          this.commit(this.inOrder(stretch.gathered));
          readers.free(stretch);
        } else if (this.point.position < to && to < bytes) {
          refused++;
          await this.readInOrder(to);
          if (this.point.state.columns !== null) break;
        }
        this.tell(this.point.position);
        await pause(this.course);
      }
    } finally {
      await stretches.drop();
    }
  }

  /** What a stretch came to, with lines and memory as if it had been read behind the others. */
  private inOrder(gathered: Gathered): Gathered {
    const { line, state } = this.point;
    return {
      ...gathered,
      aside: gathered.aside.map((row) => ({ ...row, line: row.line + line, original: Buffer.from(row.original) })),
      line: gathered.line + line,
      state: { ...state, before: { ...state.before, ...gathered.state.before }, numbered: state.numbered + gathered.state.numbered },
    };
  }
}

/** Reads one file from where it was read to, commit by commit; between commits the engine does its other work. */
export const readFile = (course: Course, prepared: Prepared, report: FileReport): Promise<void> => new FileReading(course, prepared, report).read();
