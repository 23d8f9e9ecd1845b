// How loggers write, form by form: values a second of the reader alone, so that no common form falls to the slow way unseen.
import { readFileSync } from 'node:fs';
import { Intake, IntakeState } from '../../main/ingest/storing/intake.ts';
import { findShape } from '../../main/ingest/shape/mapping.ts';
import { makeForm, type Form } from './files.ts';

const columns = 10;
const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

interface Moment {
  readonly date: Date;
  readonly iso: string;
  readonly german: string;
  readonly clock: string;
  readonly twelve: string;
}

const momentOf = (second: number): Moment => {
  const date = new Date(Date.UTC(2025, 2, 24) + second * 1000);
  const [day, month, year, hour] = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear(), date.getUTCHours()];
  const rest = `${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return {
    date,
    iso: `${year}-${two(month)}-${two(day)} ${two(hour)}:${rest}`,
    german: `${two(day)}.${two(month)}.${year} ${two(hour)}:${rest}`,
    clock: `${two(hour)}:${rest}`,
    twelve: `${month}/${day}/${year} ${((hour + 11) % 12) + 1}:${rest} ${hour < 12 ? 'AM' : 'PM'}`,
  };
};

type Values = (sensor: number) => number;
const names = (delimiter: string, before: string): string => [before, ...Array.from({ length: columns }, (_, i) => `s${i}`)].join(delimiter);
const cells = (value: Values, text: (hundredths: number, sensor: number) => string): string[] => Array.from({ length: columns }, (_, i) => text(value(i), i));
const point = (n: number): string => (n / 100).toFixed(2);
const comma = (n: number): string => point(n).replace('.', ',');

const wide = (name: string, delimiter: string, time: (moment: Moment) => string, text: (hundredths: number, sensor: number) => string, head = 'time'): Form => ({
  name,
  head: names(delimiter, head),
  row: (second, value) => [time(momentOf(second)), ...cells(value, text)].join(delimiter),
});

const long = (name: string, head: string, row: (moment: Moment, tag: string, value: string) => string): Form => ({
  name,
  head,
  row: (second, value) => row(momentOf(Math.floor(second / 20)), `TAG_${100 + (second % 20)}`, point(value(second % 20))),
});

export const forms: readonly Form[] = [
  wide('plain', ',', (m) => m.iso, point),
  wide('semicolons, decimal comma, day first', ';', (m) => m.german, comma),
  wide('tabs', '\t', (m) => m.iso, point),
  wide('runs of blanks, epoch', '  ', (m) => String(m.date.getTime() / 1000), point),
  wide('everything in quotes', ',', (m) => `"${m.iso}"`, (n) => `"${point(n)}"`, '"time"'),
  wide('quoted decimal commas', ',', (m) => m.iso, (n) => `"${comma(n)}"`),
  wide('NaN, Bad and nothing in a third of the cells', ',', (m) => m.iso, (n, i) => (i % 3 === 0 ? (['NaN', 'Bad', ''][n % 3] ?? '') : point(n))),
  wide('exponents', ',', (m) => m.iso, (n) => (n / 100).toExponential(5)),
  wide('seventeen digits', ',', (m) => m.iso, (n) => String(n / 300)),
  wide('blanks around the cells', ',', (m) => m.iso, (n) => `   ${point(n)} `),
  wide('units in the cells', ',', (m) => m.iso, (n) => `${point(n)} bar`),
  wide('thousands marks', ';', (m) => m.iso, (n) => `${Math.floor(n / 100).toLocaleString('en')},${two(n % 100)}`.replace(/,(?=\d{3})/g, '.')),
  wide('ISO with Z and milliseconds', ',', (m) => m.date.toISOString(), point),
  wide('ISO with offset', ',', (m) => `${m.iso.replace(' ', 'T')}+02:00`, point),
  wide('month first, AM and PM', ',', (m) => m.twelve, point),
  wide('epoch in milliseconds', ',', (m) => String(m.date.getTime()), point),
  wide('epoch in seconds with a fraction', ',', (m) => `${m.date.getTime() / 1000}.25`, point),
  { name: 'date and clock in two columns', head: names(';', 'Date;Time'), row: (second, value) => [momentOf(second).german.slice(0, 10), momentOf(second).clock, ...cells(value, comma)].join(';') },
  wide('ON and OFF beside numbers', ',', (m) => m.iso, (n, i) => (i % 2 === 0 ? (n % 2 === 0 ? 'ON' : 'OFF') : point(n))),
  { name: 'machine in a column', head: names(',', 'time,machine'), row: (second, value) => [momentOf(Math.floor(second / 20)).iso, `pump-${second % 20}`, ...cells(value, point)].join(',') },
  long('long', 'time,tag,value', (m, tag, value) => `${m.iso},${tag},${value}`),
  long('long with quality', 'tag;time;value;quality', (m, tag, value) => `${tag};${m.german};${value.replace('.', ',')};Good`),
  long('long with unit and machine', 'machine,tag,time,value,unit', (m, tag, value) => `pump-1,${tag},${m.date.toISOString()},${value},bar`),
  {
    name: 'triples side by side',
    head: Array.from({ length: 5 }, (_, i) => `T${i} Timestamp,T${i} Value`).join(','),
    row: (second, value) => Array.from({ length: 5 }, (_, i) => `${momentOf(second).iso},${point(value(i))}`).join(','),
  },
];

export interface FormSpeed {
  readonly form: string;
  readonly millionValues: number;
  readonly megabytes: number;
}

/** Millions of values, and megabytes, that the reader takes a second (of processor time) in each form. */
export const measureForms = (folder: string, rows: number, only: string | null): FormSpeed[] =>
  forms
    .filter(({ name }) => only === null || name.includes(only))
    .map((form) => {
      const file = makeForm(`${folder}/form.csv`, rows, 0, form);
      const bytes = readFileSync(file.path);
      const { mapping } = findShape(bytes.subarray(0, 256 * 1024), false, 'UTC');
      const speeds = [0, 1, 2].map(() => {
        const intake = new Intake(mapping, { position: 0, line: 0, state: IntakeState.parse({}), defaultAsset: 'machine', nameAsset: (text) => text });
        let values = 0;
        const count = (): void => {
          for (const batch of intake.rows.batches.values()) values += batch.rows * batch.columns.length;
          for (const tagged of intake.rows.tagged.values()) values += tagged.rows;
          intake.clear();
        };
        const before = process.cpuUsage();
        for (let at = 0; at < bytes.length; at += 1 << 20) {
          intake.feed(bytes.subarray(at, at + (1 << 20)));
          while (intake.work(false)) count();
        }
        while (intake.work(true)) count();
        count();
        const spent = process.cpuUsage(before);
        return { values, micros: spent.user + spent.system };
      });
      const best = speeds.reduce((a, b) => (b.micros < a.micros ? b : a));
      return { form: form.name, millionValues: Number((best.values / best.micros).toPrecision(3)), megabytes: Number((file.bytes / best.micros).toPrecision(3)) };
    });
