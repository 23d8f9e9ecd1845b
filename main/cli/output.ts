import type { Job } from '../contract/jobs.ts';
import type { Axis, Position } from '../contract/values.ts';

/** One JSON document, or lines for people; never both, and nothing else on standard output. */
export const print = (json: boolean, document: unknown, lines: () => readonly string[]): void => {
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${lines().join('\n')}\n`);
};

/** Rows as aligned columns; numbers to the right. */
export const table = (head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string[] => {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '-' : typeof cell === 'number' ? formatNumber(cell) : cell)));
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const numeric = head.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const line = (row: readonly string[]): string => row.map((cell, column) => (numeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd();
  return [line(head), ...cells.map(line)];
};

/** At most four significant decimals: for people; documents carry the number as it is. */
export const formatNumber = (value: number): string => (Number.isInteger(value) ? String(value) : Number(value.toPrecision(5)).toString());

/** ISO 8601 in UTC with the digits that there are: milliseconds, or microseconds where the reading has them. */
export const isoOf = (micros: number): string => {
  const iso = new Date(Math.floor(micros / 1000)).toISOString();
  const rest = Math.round(micros - Math.floor(micros / 1000) * 1000);
  return rest === 0 ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
};

export const positionOf = (axis: Axis, position: Position): string | number => (axis === 'time' ? isoOf(position) : position);

/** Progress on standard error, one line rewritten, only where somebody watches. */
export const tellProgress = (job: Job): void => {
  if (!process.stderr.isTTY) return;
  const share = job.total === null || job.total === 0 ? '' : ` ${Math.floor((100 * job.done) / job.total)} %`;
  const end = job.state === 'running' || job.state === 'queued' ? '' : '\n';
  process.stderr.write(`\r\x1b[K${job.kind}: ${job.stage}${share}${end}`);
};
