import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Written last: a folder with it is whole. */
export const Manifest = z.strictObject({ key: z.string(), bytes: z.int(), parts: z.array(z.strictObject({ name: z.string(), version: z.string(), sha256: z.string() })) });
export type Manifest = z.infer<typeof Manifest>;

const MANIFEST = 'manifest.json';

export const manifestFile = (folder: string): string => join(folder, MANIFEST);

/** Where the CUDA build lies: with the user's data, for all plants. MILLWRIGHT_CUDA names another folder. */
export const cudaFolder = (): string => {
  const own = process.env['MILLWRIGHT_CUDA'];
  if (own !== undefined && own !== '') return own;
  const data = process.env['XDG_DATA_HOME'];
  return join(data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share'), 'millwright', 'cuda');
};

/** What is installed in the folder; null when there is nothing, or it is not whole. */
export const installedIn = (folder: string): Manifest | null => {
  if (!existsSync(manifestFile(folder))) return null;
  const manifest = Manifest.safeParse(JSON.parse(readFileSync(manifestFile(folder), 'utf8')));
  return manifest.success ? manifest.data : null;
};

const DRIVER = '/proc/driver/nvidia/version';

/** NVIDIA's driver, which needs to be there before anything can be used; null without one. */
export const nvidiaDriver = (): string | null => (existsSync(DRIVER) ? (/\d+\.\d+(\.\d+)?/.exec(readFileSync(DRIVER, 'utf8'))?.[0] ?? 'unknown') : null);

/**
 * Environment of a child that is to compute on the card: the loader takes the CUDA build's TensorFlow before the one beside
 * the binding (whose run path is a RUNPATH), and the NVIDIA libraries with it. Empty where it is not installed or there is no driver.
 */
export const cudaEnvironment = (folder = cudaFolder()): Record<string, string> => {
  if (nvidiaDriver() === null || installedIn(folder) === null) return {};
  const before = process.env['LD_LIBRARY_PATH'];
  const libraries = join(folder, 'lib');
  return {
    LD_LIBRARY_PATH: before === undefined || before === '' ? libraries : `${libraries}:${before}`,
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    // Memory of the card as it is needed: the scorer and other programs are on it too.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    MILLWRIGHT_CUDA_LIBRARIES: libraries,
  };
};
