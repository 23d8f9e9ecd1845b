import { parseArgs } from 'node:util';
import { AppError } from '../contract/errors.ts';
import type { SignalClass } from './signalFiles.ts';
import { benchmarkFault } from './fault.ts';
import { benchmarkHydraulic } from './hydraulic.ts';

export const faultUsage = `       benchmark fault --train DIR --test DIR --class NAME=GLOB... [--rate HZ] [--seed N] [--json]
Learns the classes of recordings (CSV of raw signals, .gz too; the files of a class by a pattern of their names) in DIR, tests on others.
       benchmark hydraulic --data DIR [--seed N] [--json]
The state of cooler, valve, pump and accumulator from one load cycle each; blocks of cycles are held out in turn.`;

const wrongUse = (message: string): AppError => new AppError('input-invalid', `${message}\nusage:\n${faultUsage}`);

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw wrongUse(`--seed should be a whole number, not '${text}'.`);
  return number;
};

const classOf = (text: string): SignalClass => {
  const cut = text.indexOf('=');
  if (cut < 1 || cut === text.length - 1) throw wrongUse(`A class should be NAME=GLOB, like healthy='h*.csv', not '${text}'.`);
  return { name: text.slice(0, cut), glob: text.slice(cut + 1) };
};

const classesOf = (texts: readonly string[]): SignalClass[] => {
  const classes = texts.map(classOf);
  if (classes.length < 2) throw wrongUse(`To tell classes apart there must be two or more: --class NAME=GLOB for each; ${classes.length} given.`);
  const twice = classes.find(({ name }, at) => classes.findIndex((one) => one.name === name) !== at);
  if (twice !== undefined) throw wrongUse(`The class '${twice.name}' is given twice; one pattern a class, like '{a,b}*.csv' for several kinds of names.`);
  return classes;
};

const rateOf = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const rate = Number(text);
  if (!(rate > 0)) throw wrongUse(`--rate should be samples a second, above 0, not '${text}'.`);
  return rate;
};

/** benchmark fault. @returns null when help was asked for @throws AppError 'input-invalid' for wrong use, and as `benchmarkFault` */
export const faultCommand = async (args: string[], say: (line: string) => void): Promise<Record<string, unknown> | null> => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { train: { type: 'string' }, test: { type: 'string' }, class: { type: 'string', multiple: true, default: [] }, rate: { type: 'string' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    say(`usage:\n${faultUsage}`);
    return null;
  }
  if (values.train === undefined || values.test === undefined) throw wrongUse(`--${values.train === undefined ? 'train' : 'test'} DIR is missing: the folder of the ${values.train === undefined ? 'training' : 'test'} recordings.`);
  // One --class may be followed by several patterns.
  const classes = classesOf([...values.class, ...positionals]);
  return benchmarkFault({ trainFolder: values.train, testFolder: values.test, classes, rate: rateOf(values.rate), seed: wholeNumber(values.seed), say });
};

/** benchmark hydraulic. @returns null when help was asked for @throws AppError 'input-invalid' for wrong use, and as `benchmarkHydraulic` */
export const hydraulicCommand = async (args: string[], say: (line: string) => void): Promise<Record<string, unknown> | null> => {
  const { values } = parseArgs({ args, options: { data: { type: 'string' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    say(`usage:\n${faultUsage}`);
    return null;
  }
  if (values.data === undefined) throw wrongUse('--data DIR is missing: the folder of the hydraulic files.');
  return benchmarkHydraulic({ folder: values.data, seed: wholeNumber(values.seed), say });
};
