import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BackendReport } from '../../ml/documents/backend.ts';
import type { Part } from '../contract/system.ts';
import type { Plant } from '../store/plant.ts';

/** What the set-up wrote down of each part that it brought. */
const Provenance = z.array(z.object({ name: z.string(), version: z.string(), origin: z.string() }));
export type Provenance = z.infer<typeof Provenance>;

const readProvenance = (): Provenance => {
  for (const place of ['../provenance.json', '../../build/provenance.json']) {
    try {
      return Provenance.parse(JSON.parse(readFileSync(fileURLToPath(new URL(place, import.meta.url)), 'utf8')));
    } catch {
      // The other place; where there is none, each part says that its origin is not known.
      continue;
    }
  }
  return [];
};

const AGAIN = 'run the set-up again: npm run setup';

const versionOf = (name: string): string | null => {
  try {
    return z.object({ version: z.string() }).parse(createRequire(import.meta.url)(`${name}/package.json`)).version;
  } catch {
    return null;
  }
};

/** Every part that the app needs: what this process runs on, what its children run on, what the window runs on. */
export const examine = async (plant: Plant, backends: () => Promise<BackendReport[]>): Promise<Part[]> => {
  const provenance = readProvenance();
  const originOf = (name: string): string => provenance.find((part) => part.name === name)?.origin ?? 'not known: this build has no record of its set-up';
  const part = (name: string, version: string | null, ok: boolean, remedy: string): Part => ({ name, version: version ?? 'missing', origin: originOf(name), ok, remedy: ok ? '' : remedy });

  const problems: string[] = [];
  for (const _ of plant.checkSteps(problems)) await nextTurn();
  const native = (await backends()).find((backend) => backend.name === 'tfjs-node');
  const electron = provenance.find((entry) => entry.name === 'electron');
  const tensorflow = provenance.find((entry) => entry.name === 'tensorflow');
  return [
    part('node', process.versions.node, Number(process.versions['napi'] ?? 0) >= 10, AGAIN),
    part('better-sqlite3', versionOf('better-sqlite3'), true, AGAIN),
    part('sqlite', plant.sqliteVersion, true, AGAIN),
    part('tfjs-node', versionOf('@tensorflow/tfjs-node'), native?.available === true && native.selfCheck === 'passed', `${native?.reason ?? ''}; ${AGAIN}`),
    part('tensorflow', tensorflow?.version ?? null, native?.available === true, AGAIN),
    part('electron', electron?.version ?? null, electron !== undefined, AGAIN),
    { name: 'plant', version: plant.folder, origin: 'this plant', ok: problems.length === 0, remedy: problems.length === 0 ? '' : `${problems[0] ?? ''}; restore the newest backup: millwright restore FILE` },
  ];
};
