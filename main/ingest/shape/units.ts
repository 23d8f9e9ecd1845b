/** Spellings of one unit, and what it measures. The first spelling is the one that the app shows. */
const spellings: readonly (readonly [quantity: string, ...names: string[]])[] = [
  ['temperature', '°C', '℃', 'ºC', 'degC', 'deg C', 'deg. C', 'degreeC', 'degree C', 'Celsius', 'degrees C', 'Grad C', '摄氏度'],
  ['temperature', '°F', '℉', 'ºF', 'degF', 'deg F', 'Fahrenheit', 'degrees F'],
  ['temperature', 'K', 'Kelvin'],
  ['temperature', '°R', 'deg R', 'degR', 'Rankine'],
  ['pressure', 'bar'], ['pressure', 'bar(g)', 'barg', 'bar g'], ['pressure', 'bar(a)', 'bara', 'bar a'], ['pressure', 'mbar'], ['pressure', 'Pa', 'Pascal'], ['pressure', 'hPa'], ['pressure', 'kPa'], ['pressure', 'MPa'],
  ['pressure', 'psi'], ['pressure', 'psia'], ['pressure', 'psig'], ['pressure', 'inHg'], ['pressure', 'mmHg'], ['pressure', 'atm'], ['pressure', 'Torr'], ['pressure', 'mmH2O'], ['pressure', 'inH2O'],
  ['rotational speed', 'rpm', 'r/min', '1/min', 'min-1', 'min^-1', 'min⁻¹', 'U/min', 'rev/min', 'RPM', '转/分', 'tr/min'], ['rotational speed', 'rad/s'], ['rotational speed', 'rps'],
  ['vibration velocity', 'mm/s', 'mm/sec'], ['vibration velocity', 'in/s', 'ips', 'in/sec'],
  ['acceleration', 'g', 'G'], ['acceleration', 'mg'], ['acceleration', 'm/s²', 'm/s2', 'm/s^2', 'm/sec2', 'm/s**2', 'm/s/s'],
  ['speed', 'm/s', 'm/sec'], ['speed', 'm/min'], ['speed', 'km/h', 'kph'], ['speed', 'mph', 'miles/hour'],
  ['current', 'A', 'Amp', 'Amps', 'Ampere'], ['current', 'mA'], ['current', 'µA'], ['current', 'kA'],
  ['voltage', 'V', 'Volt', 'Volts'], ['voltage', 'dV'], ['voltage', 'mV'], ['voltage', 'µV'], ['voltage', 'kV'],
  ['power', 'W', 'Watt', 'Watts'], ['power', 'mW'], ['power', 'kW'], ['power', 'MW'], ['power', 'VA'], ['power', 'kVA'], ['power', 'VAR', 'var'], ['power', 'kVAR', 'kvar', 'kVar'], ['power', 'hp', 'HP'],
  ['energy', 'J'], ['energy', 'kJ'], ['energy', 'MJ'], ['energy', 'Wh'], ['energy', 'kWh', 'KWh'], ['energy', 'MWh'], ['energy', 'VARh', 'varh'], ['energy', 'kVARh', 'kvarh', 'kVarh'],
  ['flow', 'm³/h', 'm3/h', 'm^3/h', 'cbm/h', 'm3/hr'], ['flow', 'm³/s', 'm3/s', 'm^3/s'], ['flow', 'm³/min', 'm3/min'], ['flow', 'Nm³/h', 'Nm3/h'], ['flow', 'l/s', 'L/s'], ['flow', 'l/min', 'L/min', 'lpm', 'LPM'], ['flow', 'l/h', 'L/h'], ['flow', 'ml/min', 'mL/min'],
  ['flow', 'gpm', 'GPM'], ['flow', 'kg/h', 'kg/hr'], ['flow', 'kg/s'], ['flow', 'kg/min'], ['flow', 't/h'], ['flow', 'lbm/s'], ['flow', 'pps/psi'], ['flow', 'scfm'], ['flow', 'mbar l/s', 'mbar*l/s', 'mbar·l/s'],
  ['ratio', '%', 'percent', 'pct', 'Prozent', 'vol%', '％'], ['humidity', '%RH', '%rh', '% RH', '%rF', '% rF', '% r.F.', '%r.h.'], ['ratio', 'ppm'], ['ratio', 'ppb'], ['ratio', '‰'],
  ['length', 'm'], ['length', 'mm'], ['length', 'cm'], ['length', 'km'], ['length', 'µm', 'um', 'micron'], ['length', 'nm'], ['length', 'in', 'inch'], ['length', 'ft', 'feet'], ['length', 'mil', 'mils'],
  ['force', 'N', 'Newton', 'Newtons'], ['force', 'kN'], ['force', 'MN'], ['force', 'mN'], ['force', 'lbf'], ['force', 'kgf'],
  ['torque', 'Nm', 'N·m', 'N*m', 'N m', 'N.m'], ['torque', 'kNm', 'kN·m', 'kN m'], ['torque', 'lbf ft', 'ft-lb', 'lb-ft'],
  ['mass', 'kg'], ['mass', 'g/l'], ['mass', 't'], ['mass', 'lb', 'lbs'],
  ['volume', 'l', 'L'], ['volume', 'ml', 'mL'], ['volume', 'm³', 'm3', 'm^3'], ['volume', 'gal'],
  ['frequency', 'Hz'], ['frequency', 'kHz'], ['frequency', 'MHz'], ['frequency', 'cpm'],
  ['time', 's', 'sec', 'Sec', 'seconds', 'Sekunden'], ['time', 'ms', 'msec'], ['time', 'µs', 'us'], ['time', 'min', 'minutes'], ['time', 'h', 'hr', 'hours', 'Std'], ['time', 'd', 'days'],
  ['angle', '°', 'deg', 'Deg', 'Degrees', 'degrees', 'Grad'], ['angle', 'rad'],
  ['resistance', 'Ω', 'Ohm', 'ohm', 'Ohms'], ['resistance', 'kΩ', 'kOhm', 'kohm'], ['resistance', 'MΩ', 'MOhm'], ['capacitance', 'µF', 'uF'], ['capacitance', 'nF'],
  ['conductivity', 'µS/cm', 'uS/cm'], ['conductivity', 'mS/cm'], ['conductivity', 'S/m'],
  ['sound level', 'dB'], ['sound level', 'dB(A)', 'dBA'], ['illuminance', 'lx', 'lux'], ['irradiance', 'W/m²', 'W/m2', 'W/m^2'], ['irradiance', 'mW/cm²', 'mW/cm2', 'mW/cm^2'],
  ['concentration', 'mg/l', 'mg/L'], ['concentration', 'mg/m³', 'mg/m3'], ['concentration', 'µg/m³', 'ug/m3'], ['concentration', 'g/m³', 'g/m3'], ['acidity', 'pH'], ['turbidity', 'NTU'],
  ['density', 'kg/m³', 'kg/m3', 'kg/m^3'], ['density', 'g/cm³', 'g/cm3'], ['viscosity', 'cSt', 'mm²/s', 'mm2/s'], ['viscosity', 'mPa s', 'mPas', 'mPa·s', 'cP'],
  ['magnetic flux density', 'T'], ['magnetic flux density', 'mT'], ['mass of CO2', 'tCO2', 't CO2'], ['displacement', 'µm pp', 'µm p-p'], ['count', 'pcs', 'Stk', 'counts', 'cts', '个', '件'], ['count', '1/h'], ['count', '1/s'],
];

const key = (text: string): string => text.normalize('NFC').replaceAll('\u03bc', 'µ').replace(/\s+/g, ' ').trim();

const known = new Map<string, { unit: string; quantity: string }>();
const knownInAnyCase = new Map<string, { unit: string; quantity: string }>();
for (const [quantity, unit = '', ...others] of spellings) {
  for (const name of [unit, ...others]) {
    if (!known.has(key(name))) known.set(key(name), { unit, quantity });
    const lower = key(name).toLowerCase();
    if (name.length >= 3 && !knownInAnyCase.has(lower)) knownInAnyCase.set(lower, { unit, quantity });
  }
}

const lookUp = (text: string): { unit: string; quantity: string } | undefined => known.get(key(text)) ?? (key(text).length >= 3 ? knownInAnyCase.get(key(text).toLowerCase()) : undefined);

/** True for a unit that is known here in any of its spellings. */
export const isUnit = (text: string): boolean => lookUp(text.replace(/^[[(]|[\])]$/g, '')) !== undefined;

export interface Unit {
  unit: string | null;
  asWritten: string | null;
  quantity: string | null;
}

const withoutUnit: Unit = { unit: null, asWritten: null, quantity: null };

/** A unit as the app shows it (degC, ℃ and Celsius are °C), the spelling of the file kept beside it. */
export const toUnit = (text: string | null): Unit => {
  const written = text === null ? '' : text.trim();
  if (written === '' || written === '-' || /^\(?(?:units?|none|n\/a|-+)\)?$/i.test(written)) return withoutUnit;
  // 'V (Voltage)': the unit, and in brackets what it measures.
  const found = lookUp(written) ?? lookUp(/^(\S+) \(\p{L}[^)]*\)$/u.exec(written)?.[1] ?? '');
  return found ? { unit: found.unit, asWritten: written, quantity: found.quantity } : { unit: written, asWritten: written, quantity: null };
};

/** A tank's or a loop's number between square brackets: [TK-101]. */
const isPlaceTag = (text: string): boolean => /^[A-Z]{1,5}[-_ ]?\d{2,}[A-Z]?$/.test(text) || /^\d+$/.test(text);

/** What stands in brackets behind a name and is no unit: which value, which place. */
const isNote = (text: string): boolean => /^[\p{Ll}\p{Lu}][\p{Ll}]{3,}$/u.test(text) || /^(?:min|max|avg|std|rms|raw|[a-z]{1,2}\d*|\d+)$/i.test(text) || /[:=]/.test(text) || text.split(' ').length > 2 || isPlaceTag(text);

/** Splits the last balanced pair of brackets off the end of a header. */
const bracketAtEnd = (header: string): { name: string; inner: string; square: boolean } | null => {
  const close = header[header.length - 1];
  const open = close === ')' ? '(' : close === ']' ? '[' : close === '）' ? '（' : close === '}' ? '{' : close === '】' ? '【' : '';
  if (open === '') return null;
  let depth = 0;
  for (let i = header.length - 1; i >= 0; i--) {
    if (header[i] === close) depth++;
    else if (header[i] === open && --depth === 0) return { name: header.slice(0, i).trim(), inner: header.slice(i + 1, -1).trim(), square: open !== '(' && open !== '（' };
  }
  return null;
};

/** Units that are words or places as well: 'Temp in', 'Temp min', 'Sensor mil'. */
const isWordToo = /^(?:in|[Mm]in|MIN|[Mm]ax|MAX|mil|mils|mg|us|um|ft|feet|gal|lb|inch|d|days|hours?|hr|minutes|seconds|sec|counts?|cts|pcs|grad|deg|rad|bar ?a|atm|[A-Z]{1,2}\d*)$/;

/**
 * A header's name and unit: 'Oil temp [degC]', 'Druck (bar)', 'Temp, °C (LGR S/N: 1)', 'Speed / rpm', 'Flow in l/s'. A bracket
 * that holds no unit stays in the name.
 */
export const splitHeader = (header: string): { name: string; unit: string | null } => {
  const text = header.replace(/\s+/g, ' ').trim();
  const bracket = bracketAtEnd(text);
  if (bracket && bracket.name !== '') {
    if (/^(?:units?|none|dimensionless|no unit|-+)$/i.test(bracket.inner)) return { name: bracket.name, unit: null };
    // Between brackets C and F are degrees; elsewhere they may be anything.
    if (/^[CF]$/.test(bracket.inner)) return { name: bracket.name, unit: `°${bracket.inner}` };
    if (isUnit(bracket.inner) || (bracket.square && bracket.inner !== '' && !isPlaceTag(bracket.inner) && !bracket.inner.includes('=')) || (bracket.inner !== '' && !isNote(bracket.inner))) return { name: bracket.name.replace(/[,;:_-]$/, '').trim(), unit: bracket.inner };
    const comma = /^(.+?),\s*(\S.*)$/.exec(bracket.name);
    if (comma && isUnit(comma[2] ?? '')) return { name: comma[1] ?? '', unit: comma[2] ?? null };
  }
  const behind = /^(.+?)\s*(?:,|\s\/|\/\s|\sin\s)\s*(\S+(?: \S+)?)$/.exec(text);
  if (behind && isUnit(behind[2] ?? '')) return { name: (behind[1] ?? '').trim(), unit: behind[2] ?? null };
  const bare = /^(\S.*\S) (\S{2,}|%)$/.exec(text);
  if (bare && isUnit(bare[2] ?? '') && !isWordToo.test(bare[2] ?? '')) return { name: bare[1] ?? '', unit: bare[2] ?? null };
  return { name: text, unit: null };
};

const withUnit = /^([+-]?\d[\d.,' \u00a0]*(?:[eE][+-]?\d+)?)\s*([^\d\s.,'+-].*)$/;

/** A number with its unit in one cell: '24.4 °C'. Null where the text is something else. */
export const splitCell = (cell: string): { number: string; unit: string } | null => {
  const match = withUnit.exec(cell);
  if (!match || !isUnit(match[2] ?? '')) return null;
  return { number: (match[1] ?? '').trim(), unit: (match[2] ?? '').trim() };
};
