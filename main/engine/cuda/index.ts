import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../../contract/errors.ts';
import type { Wheel } from './pins.ts';

const run = promisify(execFile);

const BRING = "bring the files in a folder (--from), or name the plant's package index in PIP_INDEX_URL";

/**
 * Address of the Python package index that this machine uses, as its pip tells it: its environment, its configuration, or pip's own.
 * @throws AppError('engine-unreachable') where there is no pip to tell it
 */
export const packageIndex = async (): Promise<string> => {
  const named = process.env['PIP_INDEX_URL'];
  if (named !== undefined && named !== '') return named;
  try {
    // One line an option: wrapped, the address would be cut.
    const { stdout } = await run('python3', ['-m', 'pip', 'download', '--help'], { env: { ...process.env, COLUMNS: '1000' } });
    const told = /--index-url <url>[^\n]*\(default (\S+?)\)/.exec(stdout)?.[1];
    if (told !== undefined) return told;
  } catch (thrown) {
    throw new AppError('engine-unreachable', `no package index is known here: this machine has no pip to ask; ${BRING}`, {}, thrown);
  }
  throw new AppError('engine-unreachable', `no package index is known here: pip doesn't tell one; ${BRING}`);
};

/**
 * Where a wheel lies, by the index's page of its package (PEP 503).
 * @param index the index's address
 * @throws AppError('engine-unreachable') when the page can't be had or doesn't list the wheel; 'cancelled'
 */
export const addressOf = async (index: string, { name, file }: Wheel, signal: AbortSignal): Promise<string> => {
  const page = new URL(`${name}/`, index.endsWith('/') ? index : `${index}/`);
  const failed = (why: string, thrown?: unknown): AppError => new AppError('engine-unreachable', `the package index has no ${file} to give: ${page.href} ${why}; ${BRING}`, { url: page.href }, thrown);
  let text: string;
  let base: string;
  try {
    const response = await fetch(page, { signal, headers: { accept: 'text/html' } });
    if (!response.ok) throw failed(`answered ${response.status}`);
    text = await response.text();
    base = response.url;
  } catch (thrown) {
    if (signal.aborted) throw AppError.of(signal.reason);
    throw thrown instanceof AppError ? thrown : failed(`can't be reached (${thrown instanceof Error ? thrown.message : String(thrown)})`, thrown);
  }
  for (const [, href = ''] of text.matchAll(/\bhref\s*=\s*["']([^"']+)["']/gi)) {
    const address = new URL(href.replaceAll('&amp;', '&'), base);
    // What stands behind '#' is the index's own hash: ours is the one that counts.
    address.hash = '';
    if (decodeURIComponent(address.pathname.slice(address.pathname.lastIndexOf('/') + 1)) === file) return address.href;
  }
  throw failed("doesn't list it");
};
