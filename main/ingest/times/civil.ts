/** A date and time as a clock on a wall shows it. */
export interface Civil {
  /** Microseconds from 1970-01-01T00:00 to this moment, as if the clock were UTC's. */
  local: number;
  /** Minutes east of UTC that the text itself states, or null. */
  offset: number | null;
  /** The abbreviation of a zone as it was written (CST, IST) where it alone doesn't say which one. */
  zoneWord: string | null;
}

export const microsPerSecond = 1_000_000;
export const microsPerMinute = 60 * microsPerSecond;
export const microsPerHour = 60 * microsPerMinute;
export const microsPerDay = 24 * microsPerHour;

/** Days from 1970-01-01 to a Gregorian date. Source: H. Hinnant, 'chrono-compatible low-level date algorithms', days_from_civil. */
export const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const daysInMonth = (year: number, month: number): number => (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (monthDays[month - 1] ?? 0));

/** True for a date that exists, between the years 1900 and 2200. */
export const isDate = (year: number, month: number, day: number): boolean => year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** Two digits of a year: 70 to 99 are the last century's. */
export const fullYear = (year: number, digits: number): number => (digits > 2 ? year : year < 70 ? 2000 + year : 1900 + year);
