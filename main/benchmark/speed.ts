import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../contract/errors.ts';

/** Benchmarks of speed, which stand under scripts/bench with the peers that they measure against. */
export const speedBenchmarks = ['ingest', 'store', 'training', 'scoring'] as const;
export type SpeedBenchmark = (typeof speedBenchmarks)[number];

/**
 * Runs one of them in a process of its own and reads its one JSON document; its words go to standard error.
 * @throws AppError('input-invalid') in a build without scripts/bench or on wrong use, 'internal' when it fails
 */
export const benchmarkSpeed = async (name: SpeedBenchmark, args: readonly string[]): Promise<Record<string, unknown> | null> => {
  const script = fileURLToPath(new URL(`../../scripts/bench/${name}.ts`, import.meta.url));
  if (!existsSync(script)) throw new AppError('input-invalid', `'benchmark ${name}' runs in a checkout of the project, which brings the files it makes and the peers it measures against; this is an installed package`);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise<number>((ended, failed) => child.once('error', failed).once('close', (status) => ended(status ?? 1)));
  if (code !== 0) throw new AppError(code === 2 ? 'input-invalid' : 'internal', `'benchmark ${name}' failed with code ${code}; what it said stands above`, { code });
  const result: unknown = text.trim() === '' ? null : JSON.parse(text);
  return typeof result === 'object' && result !== null ? { ...result } : null;
};
