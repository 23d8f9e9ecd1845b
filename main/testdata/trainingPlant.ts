import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/clock.ts';
import { createJobs, type Jobs } from '../engine/jobs.ts';
import { silentLog } from '../engine/log.ts';
import { createScorer, type Scorer } from '../engine/scorer.ts';
import { createTrainers } from '../engine/trainer.ts';
import { createRegistry, type Registry } from '../registry/registry.ts';
import { createRuns, type RunParts, type Runs } from '../runs/runs.ts';
import { openPlant, type Plant } from '../store/plant.ts';

/** A plant with everything that a training run needs, each part the real one; readings are taken as they are, and no sensor has been judged. */
export interface TrainingPlant {
  readonly folder: string;
  readonly plant: Plant;
  readonly jobs: Jobs;
  readonly scorer: Scorer;
  readonly registry: Registry;
  readonly runs: Runs;
  /** Ends its processes and lets the plant go; its folder stays. */
  close(): Promise<void>;
  /** The same, and deletes the folder. */
  remove(): Promise<void>;
}

/** A folder of its own under the system's temporary one. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'mw-training-'));

/** @param startTrainer how trainers are started, where a test watches them */
export const openTrainingPlant = (folder = temporaryFolder(), startTrainer: RunParts['startTrainer'] = createTrainers(silentLog, () => undefined)): TrainingPlant => {
  const plant = openPlant(folder, { clock: systemClock });
  const jobs = createJobs(plant.jobs, systemClock, silentLog);
  const registry = createRegistry({ plant, clock: systemClock, folder });
  const scorer = createScorer(silentLog, () => undefined);
  const runs = createRuns({ plant, clock: systemClock, log: silentLog, folder, jobs, registry, startTrainer, askScorer: scorer.ask, settleCleaning: () => Promise.resolve(null), qualityOf: () => Promise.resolve([]) });
  const close = async (): Promise<void> => {
    await jobs.close();
    await scorer.stop();
    plant.close();
  };
  return {
    folder,
    plant,
    jobs,
    scorer,
    registry,
    runs,
    close,
    remove: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
