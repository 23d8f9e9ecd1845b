import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** build/app, in a checkout and inside app.asar alike. */
const here = import.meta.dirname;

/** A path inside the archive as a Node child can open it: the package unpacks what children run beside the archive. */
const outsideArchive = (path: string): string => path.replace(`app.asar${process.platform === 'win32' ? '\\' : '/'}`, `app.asar.unpacked${process.platform === 'win32' ? '\\' : '/'}`);

export const engineFile = (): string => outsideArchive(join(here, '..', 'engine', 'start.js'));
export const rendererFolder = (): string => join(here, '..', 'renderer');

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
