import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { fetchFile, sha256OfFile, type FetchHooks } from './fetch.ts';
import { addressOf, packageIndex } from './index.ts';
import type { Wheel } from './pins.ts';
import { installedIn, manifestFile, type Manifest } from './place.ts';
import { unpackWheel } from './unpack.ts';

/** What is unpacked is about twice as large as what is fetched; one wheel lies beside it at a time. */
const SPACE = 2.5;

export interface InstallRequest {
  readonly wheels: readonly Wheel[];
  /** Where the libraries go. */
  readonly folder: string;
  /** A folder that holds the wheels already, for a plant without a network; null: they are fetched. */
  readonly from: string | null;
  /** Address of the package index; by default the one that this machine's pip uses. */
  readonly index?: string;
}

export interface InstallHooks {
  readonly signal: AbortSignal;
  /** Bytes of the wheels that are done with, of all. */
  progress(stage: 'fetching' | 'unpacking', done: number, total: number): void;
}

/** Changes with any of the wheels. */
export const keyOf = (wheels: readonly Wheel[]): string => createHash('sha256').update(wheels.map(({ sha256 }) => sha256).join(' ')).digest('hex').slice(0, 16);

const totalOf = (wheels: readonly Wheel[]): number => wheels.reduce((sum, { bytes }) => sum + bytes, 0);

const checkSpace = (folder: string, bytes: number): void => {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < SPACE * bytes) throw new AppError('disk-full', `the CUDA build needs ${Math.ceil((SPACE * bytes) / 1e9)} GB in ${folder}, of which ${(free / 1e9).toFixed(1)} GB are free; make room, or name another folder by MILLWRIGHT_CUDA`, { folder, free });
};

/** The wheel out of the given folder, or fetched; its hash is checked either way. */
const provide = async (wheel: Wheel, downloads: string, { from, index }: InstallRequest, hooks: FetchHooks): Promise<string> => {
  const { file: name } = wheel;
  const file = join(downloads, name);
  if (existsSync(file)) return file;
  if (from === null) {
    await fetchFile({ url: await addressOf(index ?? (await packageIndex()), wheel, hooks.signal), bytes: wheel.bytes, sha256: wheel.sha256 }, file, hooks);
    return file;
  }
  const brought = join(from, name);
  if (!existsSync(brought)) throw new AppError('file-unreadable', `${name} is not in ${from}; bring all ${wheel.name} wheels that 'backends cuda' lists`, { file: brought });
  const found = await sha256OfFile(brought, hooks.signal);
  if (found !== wheel.sha256) throw new AppError('file-unreadable', `${brought} is not the file that was chosen: expected SHA-256 ${wheel.sha256}, received ${found}`, { file: brought, expected: wheel.sha256, received: found });
  copyFileSync(brought, file);
  return file;
};

/**
 * Installs the CUDA build of TensorFlow with NVIDIA's libraries: fetched (going on where an earlier attempt was cut), checked by
 * hash, unpacked beside, and put in place whole. What is installed already from the same wheels stays.
 * @throws AppError('disk-full' | 'engine-unreachable' | 'file-unreadable' | 'cancelled')
 */
export const installCuda = async (request: InstallRequest, hooks: InstallHooks): Promise<Manifest> => {
  const { wheels, folder } = request;
  const key = keyOf(wheels);
  const there = installedIn(folder);
  if (there?.key === key) return there;
  const total = totalOf(wheels);
  const work = `${folder}.installing`;
  const [downloads, next] = [join(work, 'downloads'), join(work, 'next')];
  mkdirSync(downloads, { recursive: true });
  checkSpace(work, total);
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  let done = 0;
  for (const wheel of wheels) {
    await provide(wheel, downloads, request, { signal: hooks.signal, progress: (bytes) => hooks.progress('fetching', done + bytes, 2 * total) });
    done += wheel.bytes;
  }
  let bytes = 0;
  for (const wheel of wheels) {
    hooks.progress('unpacking', done, 2 * total);
    bytes += await unpackWheel(join(downloads, wheel.file), next, hooks.signal);
    done += wheel.bytes;
  }
  const manifest: Manifest = { key, bytes, parts: wheels.map(({ name, version, sha256 }) => ({ name, version, sha256 })) };
  writeFileSync(manifestFile(next), `${JSON.stringify(manifest, null, 1)}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
  rmSync(work, { recursive: true, force: true });
  return manifest;
};

/** Takes the CUDA build away, and what an unfinished installation left. The next run computes without it. */
export const removeCuda = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.installing`, { recursive: true, force: true });
};
