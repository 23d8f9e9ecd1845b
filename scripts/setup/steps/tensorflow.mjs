import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildBinding } from '../binding.mjs';
import { command } from '../command.mjs';
import { pinnedFile } from '../download.mjs';
import { buildOnce, isWhole, linkInto, readManifest } from '../native-cache.mjs';
import { hashOf, nodeModules, userCache } from '../paths.mjs';
import { pins } from '../pins.mjs';
import { say } from '../report.mjs';

const pin = pins.tensorflow;
const tfjsFolder = join(nodeModules, '@tensorflow', 'tfjs-node');
const remedy = 'See that this machine reaches its Python package index (python3 -m pip download six), then start again.';

/** @type {import('../step.mjs').Step} */
export const tensorflow = {
  name: 'tensorflow',
  title: `TensorFlow ${pin.version} and its binding`,
  part: 'engine',
  key: recipeKey,
  holds: () => isWhole(tfjsFolder) && readManifest(tfjsFolder)?.details['recipe'] === recipeKey(),
  run: provide,
};

/** What the built parts follow from: the wheel, the binding's sources and the recipe itself. */
function recipeKey() {
  const sources = join(tfjsFolder, 'binding');
  if (!existsSync(sources)) return 'npm packages first';
  const files = readdirSync(sources).sort().map((name) => readFileSync(join(sources, name)));
  const recipe = readFileSync(new URL('../binding.mjs', import.meta.url));
  return hashOf(process.arch, pin.sha256, recipe, ...files);
}

/** @returns {Promise<Record<string, string>>} */
async function provide() {
  const recipe = recipeKey();
  // Shared by all clones that build from the same parts by the same recipe.
  const built = join(userCache(), 'native', recipe);
  if (!tensorflow.holds()) {
    await buildOnce(built, 'building TensorFlow', async (folder) => {
      const wheel = await pinnedFile({ ...pin, title: `TensorFlow ${pin.version}`, remedy }, fetchWheel);
      return buildBinding(wheel, tfjsFolder, folder);
    });
    linkInto(built, tfjsFolder, { recipe });
    say(`  linked into ${tfjsFolder}`);
  }
  return { ...readManifest(tfjsFolder)?.details, version: pin.version, wheel: pin.file, wheelSha256: pin.sha256 };
}

/**
 * @param {string} folder
 * @param {() => number} progress
 */
async function fetchWheel(folder, progress) {
  const target = ['--platform', pin.platform, '--python-version', pin.python, '--only-binary=:all:', '--no-deps'];
  // A wheel is a zip with one file set in it: no Python of this version has to be here.
  const args = ['-m', 'pip', 'download', `${pin.package}==${pin.version}`, ...target];
  const calm = ['--no-cache-dir', '--disable-pip-version-check', '--progress-bar', 'off', '--retries', '2'];
  await command('python3', [...args, ...calm, '--dest', folder], {
    env: { ...process.env, TMPDIR: folder },
    remedy,
    progress,
    stallMs: 120_000,
  });
}
