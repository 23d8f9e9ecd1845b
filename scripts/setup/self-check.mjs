// Runs in the bundled Node: loads the native parts, computes something with each, and prints what
// they are as one JSON document. A part that can't load ends this process, not the set-up.
// self-check.mjs [FILE]: as a script in FILE's place would load them, this one's unless told.
import { createRequire } from 'node:module';
import util from 'node:util';

const load = createRequire(process.argv[2] ?? import.meta.url);
// better-sqlite3 is built for Node-API 10; an older Node crashes on it without a word.
if (Number(process.versions['napi']) < 10) throw new Error(`Node-API 10 is needed, this Node ${process.version} has ${process.versions['napi']}`);
// Node 23 removed it, and the released tfjs-node still calls it.
if (!('isNullOrUndefined' in util)) Object.assign(util, { isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined });

const Database = load('better-sqlite3');
const tf = load('@tensorflow/tfjs-node');

const database = new Database(':memory:');
const sqlite = database.prepare('select sqlite_version() as version').get().version;
const backend = tf.getBackend();
if (backend !== 'tensorflow') throw new Error(`tfjs chose the backend ${backend}, expected tensorflow`);
const gradient = tf.grad((/** @type {any} */ x) => tf.conv1d(x, tf.ones([3, 2, 1]), 1, 'same').sum())(tf.ones([1, 8, 2]));
const sum = gradient.sum().dataSync()[0];
// Each of the 16 inputs feeds three outputs, but the four at the ends only two.
if (sum !== 44) throw new Error(`the gradient of a convolution sums to ${sum}, expected 44`);
const found = {
  node: process.versions.node,
  napi: process.versions['napi'],
  betterSqlite3: load('better-sqlite3/package.json').version,
  sqlite,
  tfjs: tf.version.tfjs,
  tensorflow: tf.backend().binding.TF_Version,
};
process.stdout.write(JSON.stringify(found));
