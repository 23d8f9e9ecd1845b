// The trainer: one run in a process of its own. Commands come over the channel to the engine, messages go back; when the
// channel closes, the process ends: a trainer never outlives its engine. With --probe it probes the compute backends instead.
import { TrainerCommand, type BackendsMessage, type TrainerMessage } from '../contract/trainer.ts';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { PROBE_ONE, probeBackends, probeOne } from './backends.ts';
import { appErrorOf } from './errors.ts';
import { runTrain } from './run.ts';
import { runSearch } from './search.ts';

process.on('disconnect', () => process.exit(0));

/** Sends the last message and ends once it has left. */
const endWith = (message: TrainerMessage | BackendsMessage | Awaited<ReturnType<typeof probeOne>>): void => {
  if (process.send === undefined) process.exit(1);
  process.send(message, () => process.exit(0));
};

const tell = (message: TrainerMessage): void => {
  process.send?.(message);
};

const serve = async (): Promise<void> => {
  const cancel = new AbortController();
  const backend = await loadTfjsNode();
  process.on('message', (received) => {
    const command = TrainerCommand.safeParse(received);
    if (!command.success) endWith({ kind: 'failed', error: { code: 'input-invalid', message: `The trainer was sent something it doesn't know: ${command.error.message}`, details: {} } });
    else if (command.data.kind === 'cancel') cancel.abort();
    else if (command.data.kind === 'search') void runSearch(command.data, cancel.signal, tell).then(endWith);
    else void runTrain(command.data, backend, cancel.signal, tell).then(endWith);
  });
  tell({ kind: 'ready', backend: backend.name });
};

try {
  const [mode, name = ''] = process.argv.slice(2);
  if (mode === '--probe') endWith({ kind: 'backends', backends: await probeBackends() });
  else if (mode === PROBE_ONE) endWith(await probeOne(name));
  else await serve();
} catch (thrown) {
  endWith({ kind: 'failed', error: appErrorOf(thrown).toDocument() });
}
