// Runs in the bundled Node: fuses.mjs EXECUTABLE '{"RunAsNode": false, ...}'. Writes into the file,
// so it must not be a hard link that others read.
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

const [executable, wanted] = process.argv.slice(2);
if (!executable || !wanted) throw new Error('usage: fuses.mjs EXECUTABLE JSON');
/** @type {Record<string, number>} */
const numbers = /** @type {any} */ (FuseV1Options);
/** @type {Record<number, boolean>} */
const config = {};
for (const [name, on] of Object.entries(JSON.parse(wanted))) {
  const number = numbers[name];
  if (number === undefined) throw new Error(`no fuse is called ${name}`);
  config[number] = on;
}
const flipped = await flipFuses(executable, { version: FuseVersion.V1, ...config });
process.stdout.write(`${flipped}\n`);
