import type { AppError } from '../../main/contract/errors.ts';
import { appErrorOf } from '../engine/appError.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'warning' | 'error';
  readonly text: string;
  readonly error: AppError | null;
}

const DONE_MS = 6_000;
const WARNING_MS = 20_000;

/** What a command led to, told in a corner: an error stays until it is dismissed, the rest goes by itself. */
export class Notices {
  #next = 1;
  all = $state.raw<readonly Notice[]>([]);

  done(text: string): void {
    const id = this.#add('done', text, null);
    setTimeout(() => this.dismiss(id), DONE_MS);
  }

  /** Something happened that nobody asked for: a process ended and was started again. */
  warn(text: string): void {
    const id = this.#add('warning', text, null);
    setTimeout(() => this.dismiss(id), WARNING_MS);
  }

  failed(thrown: unknown): void {
    const error = appErrorOf(thrown);
    if (error.code !== 'cancelled') this.#add('error', error.message, error);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((notice) => notice.id !== id);
  }

  #add(tone: Notice['tone'], text: string, error: AppError | null): number {
    const id = this.#next++;
    this.all = [...this.all.slice(-3), { id, tone, text, error }];
    return id;
  }
}
