import type { EpochRecord } from '../../ml/documents/history.ts';
import type { ResourceMessage } from '../contract/resource.ts';
import type { Run, RunState } from '../contract/training.ts';
import type { RunId } from '../contract/values.ts';
import type { Runs } from '../runs/runs.ts';
import type { Plant } from '../store/plant.ts';
import { createTopic } from './topic.ts';

const LIVE = new Set<RunState>(['freezing', 'training', 'evaluating']);

/** The epochs of one run: those there are, then each as it is done; ends with the run. @throws AppError('not-found'), before there is a stream */
export const streamEpochs = (runs: Runs, plant: Plant, id: RunId, signal: AbortSignal | undefined): AsyncGenerator<ResourceMessage<EpochRecord>, void, void> => followEpochs(runs, plant, runs.get(id), signal);

async function* followEpochs(runs: Runs, plant: Plant, { id, state }: Run, signal: AbortSignal | undefined): AsyncGenerator<ResourceMessage<EpochRecord>, void, void> {
  const over = new AbortController();
  const topic = createTopic<EpochRecord>(() => plant.runs.history(id), (record) => record.epoch);
  const stops = [
    runs.onEpoch((of, record) => {
      if (of === id) topic.publish(record);
    }),
    runs.onRun((changed) => {
      if (changed.id === id && !LIVE.has(changed.state)) over.abort();
    }),
  ];
  if (!LIVE.has(state)) over.abort();
  try {
    yield* topic.stream(signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]));
  } finally {
    for (const stop of stops) stop();
  }
}
