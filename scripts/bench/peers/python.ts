// A Python with the peers in it, made once in the user's cache; without Python or the network there is none, and it is said.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { userCache } from '../../setup/paths.mjs';
import type { Contender, Run } from '../measure.ts';

const run = promisify(execFile);
const here = import.meta.dirname;

/** Lists of pinned peers: of the readers and stores, and of training. */
export type PeerList = 'requirements.txt' | 'keras.txt';

const megabytes: Record<PeerList, number> = { 'requirements.txt': 200, 'keras.txt': 320 };

/** The interpreter with one list of peers installed, or why there is none. */
export const openPython = async (say: (line: string) => void, list: PeerList = 'requirements.txt'): Promise<{ python: string } | { absent: string }> => {
  const requirements = join(here, list);
  const folder = join(userCache(), 'bench', createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16));
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return { python };
  const part = `${folder}.${process.pid}`;
  try {
    say(`fetching the peers written for Python (once, some ${megabytes[list]} MB) ...`);
    mkdirSync(join(userCache(), 'bench'), { recursive: true });
    await run('python3', ['-m', 'venv', '--copies', part], { timeout: 120_000 });
    await run(join(part, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements], { timeout: 1_200_000 });
    renameSync(part, folder);
    return { python };
  } catch (thrown) {
    rmSync(part, { recursive: true, force: true });
    return { absent: `Python's peers can't be had (${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)})` };
  }
};

/** One of peers.py's functions; the folder is new and empty each time. `keep`: what it made stays there. */
export const pythonPeer = (python: string, name: string, does: string, call: string, file: string, freshFolder: () => string): Contender & { run: (keep?: boolean) => Promise<Run> } => ({
  name,
  does,
  run: async (keep = false): Promise<Run> => {
    const folder = freshFolder();
    try {
      const { stdout } = await run(python, [join(here, 'peers.py'), call, file, folder], { maxBuffer: 1 << 24, timeout: 900_000 });
      const { seconds, peakMiB } = JSON.parse(stdout) as { seconds: number; peakMiB: number };
      return { seconds, peakMiB };
    } finally {
      if (!keep) rmSync(folder, { recursive: true, force: true });
    }
  },
});
