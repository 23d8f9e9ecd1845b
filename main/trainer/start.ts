// The trainer: one run in a process of its own. Commands come over the channel to the engine, messages go back; when the
// channel closes, the process ends: a trainer never outlives its engine. With --probe it probes the compute backends instead.
import { createMultiplexer, type Multiplexer } from '../channel/multiplex.ts';
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

/** With --window the engine relays ports to the hidden window, over the same channel as the messages. */
const ports: Multiplexer | null = process.argv.includes('--window')
  ? createMultiplexer((message) => {
      process.send?.(message);
    })
  : null;

const serve = async (): Promise<void> => {
  const cancel = new AbortController();
  const backend = await loadTfjsNode();
  const context = { backend, ports, wish: process.env['MILLWRIGHT_BACKEND'] ?? '', signal: cancel.signal, tell };
  process.on('message', (received) => {
    if (ports?.take(received) === true) return;
    const command = TrainerCommand.safeParse(received);
    if (!command.success) endWith({ kind: 'failed', error: { code: 'input-invalid', message: `The trainer was sent something it doesn't know: ${command.error.message}`, details: {} } });
    else if (command.data.kind === 'cancel') cancel.abort();
    else if (command.data.kind === 'search') void runSearch(command.data, cancel.signal, tell).then(endWith);
    else void runTrain(command.data, context).then(endWith);
  });
  tell({ kind: 'ready', backend: backend.name });
};

try {
  const [mode, name = ''] = process.argv.slice(2);
  if (mode === '--probe') {
    process.on('message', (received) => ports?.take(received));
    endWith({ kind: 'backends', backends: await probeBackends(ports) });
  }
  else if (mode === PROBE_ONE) endWith(await probeOne(name));
  else await serve();
} catch (thrown) {
  endWith({ kind: 'failed', error: appErrorOf(thrown).toDocument() });
}
