import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../contract/errors.ts';

/** The programs that run in a process of their own, each with its start file. */
export type Program = 'engine' | 'trainer' | 'scorer' | 'simulator' | 'benchmark';

/**
 * The start file of a program: beside this file's folder, as source (main/host -> main/trainer/start.ts) and as bundle
 * (build/chunks -> build/trainer/start.js) alike.
 * @throws AppError('internal') when the build lacks it.
 */
export const startFileOf = (program: Program): string => {
  for (const ending of ['js', 'ts']) {
    // Inside app.asar a Node child can't run a script: the package unpacks these folders beside it.
    const file = fileURLToPath(new URL(`../${program}/start.${ending}`, import.meta.url)).replace('app.asar/', 'app.asar.unpacked/');
    if (existsSync(file)) return file;
  }
  throw new AppError('internal', `the program '${program}' is missing from this build; run the set-up again`, { program });
};
