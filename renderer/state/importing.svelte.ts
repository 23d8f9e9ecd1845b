import type { ImportReport, Inspection, Mapping } from '../../main/contract/data.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { JobId } from '../../main/contract/values.ts';
import { appErrorOf } from '../engine/appError.ts';
import type { Connection } from '../engine/connection.ts';
import { groupsOf, withColumnsOf, type Draft } from './importGroups.ts';

export type ImportStep = 'choose' | 'inspecting' | 'review' | 'importing' | 'report';

const LOOK_MS = 400;

/** An import from the choice of files to the report. Lives as long as the window: other screens may be visited meanwhile. */
export class Importing {
  step = $state<ImportStep>('choose');
  drafts = $state.raw<readonly Draft[]>([]);
  jobs = $state.raw<readonly JobId[]>([]);
  reports = $state.raw<readonly ImportReport[]>([]);
  error = $state.raw<AppError | null>(null);

  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Looks at files (or folders) without storing anything. */
  async inspect(files: readonly string[]): Promise<void> {
    if (files.length === 0) return;
    this.error = null;
    this.step = 'inspecting';
    try {
      const found = await this.#connection.ask((client, signal) => client.data.inspect({ files: [...files] }, { signal }));
      this.drafts = found.map((inspection) => ({ inspection, edited: false, error: null }));
      this.step = 'review';
    } catch (thrown) {
      this.error = appErrorOf(thrown);
      this.step = 'choose';
    }
  }

  /** Reads one file by a changed mapping; columns change for all files that have the same ones. The preview is made anew. */
  async edit(file: string, mapping: Mapping): Promise<void> {
    const before = this.drafts.find((draft) => draft.inspection.file === file);
    if (before === undefined) return;
    this.drafts = withColumnsOf(this.drafts, file, mapping);
    try {
      const [inspection] = await this.#connection.ask((client, signal) => client.data.inspect({ files: [file], mapping }, { signal }));
      if (inspection !== undefined) this.#replace(file, inspection, null);
    } catch (thrown) {
      this.#replace(file, null, appErrorOf(thrown));
    }
  }

  remove(file: string): void {
    this.drafts = this.drafts.filter((draft) => draft.inspection.file !== file);
    if (this.drafts.length === 0) this.step = 'choose';
  }

  /** Stores what was reviewed: one job for all files that are read as they were found, one more for each changed mapping. */
  async start(): Promise<void> {
    this.error = null;
    this.jobs = [];
    this.reports = [];
    this.step = 'importing';
    try {
      for (const group of groupsOf(this.drafts)) {
        const { job } = await this.#connection.ask((client, signal) => client.data.import({ files: [...group.files], mapping: group.mapping }, { signal }));
        this.jobs = [...this.jobs, job];
        const report = await this.#reportOf(job);
        this.reports = [...this.reports, report];
      }
      this.step = 'report';
    } catch (thrown) {
      this.error = appErrorOf(thrown);
      this.step = this.reports.length > 0 ? 'report' : 'review';
    }
  }

  /** Back to the choice of files. */
  again(): void {
    this.drafts = [];
    this.reports = [];
    this.jobs = [];
    this.error = null;
    this.step = 'choose';
  }

  /** Waits until the job is over; the engine may be started again meanwhile. */
  async #reportOf(job: JobId): Promise<ImportReport> {
    for (;;) {
      await this.#connection.whenOpen();
      const now = await this.#connection.ask((client, signal) => client.jobs.get({ job }, { signal }));
      if (now.state === 'done') return this.#connection.ask((client, signal) => client.data.importReport({ job }, { signal }));
      if (now.state === 'cancelled') throw new AppError('cancelled', `The import of ${now.subject} was cancelled; what was read until then is stored.`);
      if (now.state !== 'running' && now.state !== 'queued') throw now.error === null ? new AppError('process-ended', `The import of ${now.subject} ended before it was done.`) : AppError.fromDocument(now.error);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #replace(file: string, inspection: Inspection | null, error: AppError | null): void {
    this.drafts = this.drafts.map((draft) => (draft.inspection.file === file ? { ...draft, inspection: inspection ?? draft.inspection, error } : draft));
  }
}
