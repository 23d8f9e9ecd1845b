import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** build/app, in a checkout and inside app.asar alike. */
const here = import.meta.dirname;

/** A path inside the archive as a Node child can open it: the package unpacks what children run beside the archive. */
const outsideArchive = (path: string): string => path.replace(`app.asar${process.platform === 'win32' ? '\\' : '/'}`, `app.asar.unpacked${process.platform === 'win32' ? '\\' : '/'}`);

export const engineFile = (): string => outsideArchive(join(here, '..', 'engine', 'start.js'));
export const rendererFolder = (): string => join(here, '..', 'renderer');
export const computeFolder = (): string => join(here, '..', 'compute');

/** The bundled Node: in the package under resources, in a checkout the npm package. */
export const bundledNode = (): string => {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const packaged = join(process.resourcesPath, 'node', 'bin', name);
  if (existsSync(packaged)) return packaged;
  return join(here, '..', '..', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', name);
};

/** Where the plant lives when MILLWRIGHT_PLANT doesn't say. */
export const defaultPlantFolder = (): string => {
  const data = process.env['XDG_DATA_HOME'];
  return join(data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share'), 'millwright', 'plant');
};

/**
 * Where Chromium keeps what it needs for the plant's window: in the plant's folder, so that a plant has one window; where that takes no
 * files, in the system's temporary folder under a name of the plant's own. Without such a folder Chromium ends before it could say why.
 */
export const windowFolder = (plantFolder: string): string => {
  const own = join(plantFolder, 'window');
  try {
    mkdirSync(own, { recursive: true });
    accessSync(own, constants.W_OK);
    return own;
  } catch {
    // A folder that can't be written is no error here: the window opens, and the engine says what is wrong with the plant.
    return join(tmpdir(), `millwright-window-${createHash('sha256').update(plantFolder).digest('hex').slice(0, 16)}`);
  }
};
