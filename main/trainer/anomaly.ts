import { trainAnomaly } from '../../ml/anomaly/train.ts';
import type { LoadedBackend } from '../../ml/backend/probeLoaded.ts';
import type { TrainedModel, TrainHooks } from '../../ml/training/train.ts';
import type { TrainerCommand, TrainerMessage } from '../contract/trainer.ts';
import { readDataset, sha256 } from './runFolder.ts';

type TrainCommand = Extract<TrainerCommand, { kind: 'train' }>;

/**
 * Learns healthy running in this process: minutes at most, so a run that was cut begins anew and, by its seed, ends the same. There is no
 * label that could leak, hence nothing for the honesty guard: the judgement is false alarms on later running that was not learnt from.
 * @throws AppError 'file-unreadable', MlError as `trainAnomaly` does
 */
export const trainForAnomaly = async ({ folder, model, config }: TrainCommand, { backend, tell }: { readonly backend: LoadedBackend; tell(message: TrainerMessage): void }, hooks: Pick<TrainHooks, 'signal' | 'breathe'>): Promise<TrainedModel> => {
  const dataset = await readDataset(folder);
  const rows = dataset.document.units.reduce((sum, unit) => sum + (unit.split === 'train' ? unit.rows : 0), 0);
  tell({ kind: 'started', parameters: 0, windows: Math.max(0, rows - config.window), epochsDone: 0 });
  tell({ kind: 'backend', backend: backend.name, afterEpoch: 0, why: 'only', reason: 'a detector of anomalies is small: it is trained where the run is' });
  return trainAnomaly(dataset, config, { model, backend: backend.name, versions: backend.versions, sha256 }, {
    ...hooks,
    epoch: (record) => tell({ kind: 'epoch', record }),
    checkpoint: () => Promise.resolve(),
    evaluating: () => tell({ kind: 'evaluating' }),
    now: () => performance.now(),
  });
};
