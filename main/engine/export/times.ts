import { DateTime } from 'luxon';

const MINUTE_MS = 60_000;
/** Offsets change at quarters of an hour at the finest. */
const BLOCK_MS = 15 * MINUTE_MS;

const two = (n: number): string => String(n).padStart(2, '0');

const offsetWords = (minutes: number): string => {
  const size = Math.abs(minutes);
  return minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

/** Microseconds as ISO 8601 with the offset that the zone had then; with the digits that there are. @param zone null: UTC */
export const timeWriter = (zone: string | null): ((micros: number) => string) => {
  let block = NaN;
  let offset = 0;
  let words = 'Z';
  return (micros) => {
    const milliseconds = Math.floor(micros / 1000);
    const rest = Math.round(micros - milliseconds * 1000);
    const now = Math.floor(milliseconds / BLOCK_MS);
    if (zone !== null && now !== block) {
      block = now;
      offset = DateTime.fromMillis(milliseconds, { zone }).offset;
      words = offsetWords(offset);
    }
    const iso = new Date(milliseconds + offset * MINUTE_MS).toISOString().slice(0, -1);
    return `${iso}${rest === 0 ? '' : String(rest).padStart(3, '0')}${words}`;
  };
};
