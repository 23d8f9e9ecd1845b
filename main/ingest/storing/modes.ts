/** A mode that a machine is in: since when, and the newest row that said so. */
export interface Run {
  word: string;
  start: number;
  last: number;
}

/** A stretch of one mode: begun, or begun and ended. */
export interface Stretch {
  word: string;
  start: number;
  end: number | null;
}

/**
 * Turns a column of words (Running, Idle, Fault 12) into stretches of operating modes: one begins with its first row and ends with the first row of
 * another word. An empty cell leaves the mode as it is; rows that come late change nothing.
 */
export class ModeRuns {
  private readonly runs: Map<string, Run>;

  /** `open`: the modes that were on when reading stopped, by stream. */
  constructor(open: Readonly<Record<string, Run>>) {
    this.runs = new Map(Object.entries(open));
  }

  get open(): Record<string, Run> {
    return Object.fromEntries(this.runs);
  }

  /** What the row tells that is new: the end of the mode before it, and the beginning of its own. */
  take(stream: string, word: string, at: number): Stretch[] {
    if (word === '') return [];
    const run = this.runs.get(stream);
    if (run && at < run.last) return [];
    if (run?.word === word) {
      run.last = at;
      return [];
    }
    this.runs.set(stream, { word, start: at, last: at });
    const begun = { word, start: at, end: null };
    return run ? [{ word: run.word, start: run.start, end: at }, begun] : [begun];
  }
}
