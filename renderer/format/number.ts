/** Narrow no-break space: keeps a number and its unit on one line. */
export const THIN = '\u202f';
export const DASH = '–';

const cache = new Map<string, Intl.NumberFormat>();
const formatter = (locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const name = `${locale} ${JSON.stringify(options)}`;
  const known = cache.get(name) ?? new Intl.NumberFormat(locale, options);
  cache.set(name, known);
  return known;
};

/** A measured value with as many digits as matter: four significant ones, whole numbers in full. */
export const showNumber = (locale: string, value: number): string => {
  if (!Number.isFinite(value)) return DASH;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return formatter(locale, { notation: 'scientific', maximumSignificantDigits: 3 }).format(value);
  if (size >= 1000) return formatter(locale, { maximumFractionDigits: size < 10_000 ? 1 : 0 }).format(value);
  return formatter(locale, { maximumSignificantDigits: 4 }).format(value);
};

export const showFixed = (locale: string, value: number, digits: number): string =>
  formatter(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

export const showInteger = (locale: string, value: number): string => formatter(locale, { maximumFractionDigits: 0 }).format(value);

/** A share of one as a percentage. */
export const showPercent = (locale: string, share: number): string => formatter(locale, { style: 'percent', maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 }).format(share);

/** A forecast probability: never told as certain, nor as impossible. */
export const showChance = (locale: string, p: number): string => {
  if (p < 0.01) return `<${showPercent(locale, 0.01)}`;
  return p > 0.99 ? `>${showPercent(locale, 0.99)}` : formatter(locale, { style: 'percent', maximumFractionDigits: 0 }).format(p);
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units, three digits. */
export const showBytes = (locale: string, bytes: number): string => {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = formatter(locale, { maximumSignificantDigits: 3 }).format(bytes / 1000 ** power);
  return `${amount}${THIN}${UNITS[power] ?? 'B'}`;
};

/** A value and its unit; a value without unit stands alone. */
export const withUnit = (value: string, unit: string | null): string => (unit === null || unit === '' || unit === '1' ? value : `${value}${THIN}${unit}`);
