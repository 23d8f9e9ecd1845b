// The hidden window: it computes on the graphics card for a trainer, and knows nothing else. Sandboxed, without Node; its one
// port comes from the main process, and it ends with it.
import { measureTrainingOf } from '../../ml/backend/measure.ts';
import { probeLoaded } from '../../ml/backend/probeLoaded.ts';
import { buildNetwork } from '../../ml/models/network.ts';
import { packFrame, unpackFrame } from '../channel/frames.ts';
import { ComputeCommand, type ComputeMessage } from '../contract/compute.ts';
import { openCard } from './backend.ts';
import { trainHere } from './train.ts';

const MEASURE_MS = 1000;

const serve = async (port: MessagePort): Promise<void> => {
  const cancel = new AbortController();
  const tell = (message: ComputeMessage, ...bytes: Uint8Array[]): void => port.postMessage(packFrame(message, bytes));
  const card = await openCard();
  if (typeof card === 'string') {
    tell({ kind: 'opened', device: null, reason: card });
    return;
  }
  void card.lost.then((reason) => tell({ kind: 'lost', reason }));
  const backend = { name: 'webgpu', versions: card.versions };
  const answer = async (command: ComputeCommand, bytes: readonly Uint8Array[]): Promise<void> => {
    switch (command.kind) {
      case 'probe':
        return tell({ kind: 'probed', report: await probeLoaded('webgpu', card.device) });
      case 'measure':
        return tell({ kind: 'measured', msPerEpoch: await measureTrainingOf(buildNetwork(command.config, command.inputs, command.classes), MEASURE_MS) });
      case 'train':
        return trainHere(command, bytes, backend, cancel.signal, tell);
      case 'cancel':
        cancel.abort();
    }
  };
  port.onmessage = ({ data }) => {
    const { document, bytes } = unpackFrame(data);
    answer(ComputeCommand.parse(document), bytes).catch((thrown: unknown) => tell({ kind: 'failed', error: { code: 'internal', message: `The hidden window failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`, details: {} } }));
  };
  tell({ kind: 'opened', device: card.device, reason: 'opened' });
};

window.addEventListener('message', ({ source, data, ports: [port] }) => {
  if (source === window && data === 'millwright-compute' && port !== undefined) void serve(port);
});
