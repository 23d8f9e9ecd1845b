// The scorer: holds the champions open and turns slices into predictions. When the channel to the engine closes, it ends.
import { AppError } from '../contract/errors.ts';
import { ScorerCommand, type ScorerMessage } from '../contract/scorer.ts';
import { loadToPredict } from '../../ml/backend/tfjs.ts';
import { MlError } from '../../ml/errors.ts';
import { Champions } from './champions.ts';

process.on('disconnect', () => process.exit(0));

const tell = (message: ScorerMessage): void => {
  process.send?.(message);
};

const champions = new Champions();

const score = async ({ id, modelFolder, slices }: Extract<ScorerCommand, { kind: 'score' }>): Promise<ScorerMessage> => {
  try {
    const predictions = await (await champions.of(modelFolder)).predict(slices);
    return { kind: 'scored', id, predictions: slices.flatMap(({ asset }, at) => {
      const prediction = predictions[at];
      return prediction === undefined ? [] : [{ asset, prediction }];
    }) };
  } catch (thrown) {
    const error = thrown instanceof MlError ? new AppError(thrown.code, thrown.message, { ...thrown.details }, thrown) : AppError.of(thrown);
    return { kind: 'failed', id, error: error.toDocument() };
  }
};

const { backend, problems } = await loadToPredict();
for (const problem of problems) process.stderr.write(`${problem} Predictions go on with ${backend.name}.\n`);
// One after the other: a tick's slices come in one command, and two at once would only share the cores.
let last: Promise<void> = Promise.resolve();
process.on('message', (received) => {
  const command = ScorerCommand.parse(received);
  if (command.kind === 'forget') champions.forget(command.modelFolder);
  else last = last.then(async () => tell(await score(command)));
});
tell({ kind: 'ready', backend: backend.name });
