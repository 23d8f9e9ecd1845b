import type { ImportReport, Mapping } from '../../main/contract/data.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { Job } from '../../main/contract/jobs.ts';
import type { JobId } from '../../main/contract/values.ts';
import { appErrorOf } from '../engine/appError.ts';
import type { Connection } from '../engine/connection.ts';
import { asFound, draftOf, followsOf, readAsOf, withConfirmed, withDecision, withLook, type Draft, type ReadAs, type Unread } from './importGroups.ts';
import { Trials } from './trials.ts';

export type ImportStep = 'choose' | 'looking' | 'review' | 'importing' | 'report';

/** How far the look at the files is. */
export interface Looking {
  readonly done: number;
  /** Null while the files are still being listed. */
  readonly total: number | null;
  readonly file: string;
}

/** Milliseconds without a further change before a changed mapping is tried. */
const SETTLE_MS = 250;
const LOOK_MS = 400;

/** An import from the choice of files to the report. Lives as long as the window: other screens may be visited meanwhile. */
export class Importing {
  step = $state<ImportStep>('choose');
  looking = $state.raw<Looking>({ done: 0, total: null, file: '' });
  drafts = $state.raw<readonly Draft[]>([]);
  unread = $state.raw<readonly Unread[]>([]);
  /** Files beside the logs that were no logs. */
  passedOver = $state(0);
  job = $state.raw<JobId | null>(null);
  /** How the job ended where it brought no report. */
  ended = $state.raw<Job | null>(null);
  report = $state.raw<ImportReport | null>(null);
  error = $state.raw<AppError | null>(null);
  /** How the files of the last import were decided; empty where it was opened from the list. */
  readAs = $state.raw<readonly ReadAs[]>([]);

  readonly #connection: Connection;
  #look = new AbortController();
  /** Changed mappings that are being tried, by file. */
  readonly #trials = new Trials();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Looks at files, and at what lies in folders, one after the other, without storing anything. */
  async inspect(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    this.again();
    this.step = 'looking';
    const { signal } = (this.#look = new AbortController());
    try {
      const { files, passedOver } = await this.#connection.ask((client, both) => client.data.files({ paths: [...paths] }, { signal: both }), signal);
      this.passedOver = passedOver;
      const drafts: Draft[] = [];
      const unread: Unread[] = [];
      for (const [index, { path }] of files.entries()) {
        this.looking = { done: index, total: files.length, file: path };
        const looked = await this.#lookAt(path, null, signal);
        if (looked instanceof AppError) unread.push({ file: path, error: looked });
        else drafts.push(...looked);
      }
      this.drafts = drafts;
      this.unread = unread;
      this.step = drafts.length + unread.length > 0 ? 'review' : 'choose';
      if (this.step === 'choose') this.error = new AppError('file-not-understood', `There is no log in ${paths.join(', ')}.`);
    } catch (thrown) {
      // Somebody stopped it, or chose other files: that is shown already.
      if (signal.aborted) return;
      this.error = appErrorOf(thrown);
      this.step = 'choose';
    }
  }

  stopLooking(): void {
    this.again();
  }

  /** Something is decided about a file and its kind; the preview follows once no further change comes. */
  decide(file: string, what: string, mapping: Mapping): void {
    this.drafts = withDecision(this.drafts, file, what, mapping);
    this.#trials.begin(file, SETTLE_MS, (signal) => this.#try(file, signal));
  }

  confirm(kind: string, what: string): void {
    this.drafts = withConfirmed(this.drafts, kind, what);
  }

  restore(kind: string): void {
    for (const draft of this.drafts) if (draft.kind === kind) this.#trials.stop(draft.inspection.file);
    this.drafts = asFound(this.drafts, kind);
  }

  /** Shows another file of a kind as it would be stored now. */
  show(file: string): void {
    const draft = this.drafts.find((one) => one.inspection.file === file);
    if (draft === undefined || draft.changed.length === 0) return;
    this.drafts = this.drafts.map((one) => (one === draft ? { ...one, isReading: true } : one));
    this.#trials.begin(file, 0, (signal) => this.#try(file, signal));
  }

  leaveOut(files: readonly string[]): void {
    this.drafts = this.drafts.filter((draft) => !files.includes(draft.inspection.file));
    this.unread = this.unread.filter((one) => !files.includes(one.file));
    if (this.drafts.length + this.unread.length === 0) this.again();
  }

  /** Stores what was reviewed, as one job: each kind as it was decided, the rest as it was found. */
  async start(): Promise<void> {
    this.error = null;
    try {
      const files = this.drafts.map((draft) => draft.inspection.file);
      const readAs = readAsOf(this.drafts).map((group) => ({ ...group }));
      const { job } = await this.#connection.ask((client, signal) => client.data.import({ files, readAs }, { signal }));
      await this.open(job, readAs);
    } catch (thrown) {
      this.error = appErrorOf(thrown);
    }
  }

  /** Shows an import that is under way or over. */
  async open(job: JobId, readAs: readonly ReadAs[] = []): Promise<void> {
    this.readAs = readAs;
    this.error = null;
    this.ended = null;
    this.report = null;
    this.job = job;
    this.step = 'importing';
    const isShown = (): boolean => this.job === job && this.step === 'importing';
    while (isShown()) {
      try {
        const now = await this.#connection.ask((client, signal) => client.jobs.get({ job }, { signal }));
        if (now.state === 'done') {
          const report = await this.#connection.ask((client, signal) => client.data.importReport({ job }, { signal }));
          if (!isShown()) return;
          this.report = report;
          this.step = 'report';
        } else if (now.state !== 'running' && now.state !== 'queued') this.ended = now;
        if (now.state !== 'running' && now.state !== 'queued') return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      } catch (thrown) {
        const error = appErrorOf(thrown);
        // The engine is started again; the job's row says then how it stands.
        if (error.code === 'engine-unreachable') await this.#connection.whenOpen();
        else {
          this.error = error;
          this.step = 'choose';
        }
      }
    }
  }

  /** Follows files of the last import from now on, each as it was decided. */
  async follow(files: readonly string[]): Promise<void> {
    for (const { paths, mapping } of followsOf(this.readAs, files)) await this.#connection.ask((client, signal) => client.data.follow({ paths: [...paths], mapping }, { signal }));
  }

  /** Starts an import again that did not come to its end; it goes on from what is stored. */
  async restart(job: JobId): Promise<void> {
    try {
      const begun = await this.#connection.ask((client, signal) => client.jobs.restart({ job }, { signal }));
      await this.open(begun.job);
    } catch (thrown) {
      this.error = appErrorOf(thrown);
    }
  }

  /** Back to the choice of files. */
  again(): void {
    this.#look.abort();
    this.#trials.stopAll();
    this.drafts = [];
    this.unread = [];
    this.passedOver = 0;
    this.looking = { done: 0, total: null, file: '' };
    this.report = null;
    this.job = null;
    this.ended = null;
    this.error = null;
    this.step = 'choose';
  }

  /** The look at one file; what is wrong with this file alone is its result. */
  async #lookAt(file: string, mapping: Mapping | null, signal: AbortSignal): Promise<readonly Draft[] | AppError> {
    try {
      const looks = await this.#connection.ask((client, both) => client.data.inspect({ files: [file], mapping }, { signal: both }), signal);
      return looks.map(draftOf);
    } catch (thrown) {
      const error = appErrorOf(thrown);
      if (signal.aborted || (error.code !== 'file-unreadable' && error.code !== 'file-not-understood')) throw error;
      return error;
    }
  }

  async #try(file: string, signal: AbortSignal): Promise<void> {
    const draft = this.drafts.find((one) => one.inspection.file === file);
    if (draft === undefined) return;
    try {
      const [inspection] = await this.#connection.ask((client, both) => client.data.inspect({ files: [file], mapping: draft.inspection.mapping }, { signal: both }), signal);
      if (inspection !== undefined && !signal.aborted) this.drafts = withLook(this.drafts, file, inspection);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = appErrorOf(thrown);
      this.drafts = this.drafts.map((one) => (one.inspection.file === file ? { ...one, isReading: false, error } : one));
    }
  }
}
