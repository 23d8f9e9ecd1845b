import type { AppError } from '../../main/contract/errors.ts';
import { appErrorOf } from '../engine/appError.ts';
import type { Connection } from '../engine/connection.ts';

/** What is to take the database's place: a backup (`at`: when it was made, where that is known), or what can still be read of it. */
export type Mend = { readonly kind: 'restore'; readonly file: string; readonly at: number | null } | { readonly kind: 'rebuild' };

export type MendOutcome = { readonly kind: 'restored'; readonly kept: string | null } | { readonly kind: 'rebuilt'; readonly kept: string; readonly rows: number; readonly readings: number; readonly lost: readonly string[] };

/** A restoring or rebuilding from the question to its outcome. Lives as long as the window: the screen that asked goes with the plant. */
export class Mending {
  mend = $state.raw<Mend | null>(null);
  isWorking = $state(false);
  outcome = $state.raw<MendOutcome | null>(null);
  error = $state.raw<AppError | null>(null);

  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  ask(mend: Mend): void {
    if (this.isWorking) return;
    this.mend = mend;
    this.outcome = null;
    this.error = null;
  }

  dismiss(): void {
    if (!this.isWorking) this.mend = null;
  }

  async start(): Promise<void> {
    const { mend } = this;
    if (mend === null || this.isWorking) return;
    this.isWorking = true;
    this.error = null;
    try {
      this.outcome = await this.#run(mend);
    } catch (thrown) {
      this.error = appErrorOf(thrown);
    } finally {
      this.isWorking = false;
    }
  }

  async #run(mend: Mend): Promise<MendOutcome> {
    if (mend.kind === 'restore') {
      const { kept } = await this.#connection.ask((client, signal) => client.storage.restore({ file: mend.file }, { signal }));
      return { kind: 'restored', kept };
    }
    const { kept, rowsSaved, readingsSaved, lost } = await this.#connection.ask((client, signal) => client.storage.rebuild({}, { signal }));
    return { kind: 'rebuilt', kept, rows: rowsSaved, readings: readingsSaved, lost };
  }
}
