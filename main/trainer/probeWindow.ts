import type { Multiplexer } from '../channel/multiplex.ts';
import { absent, type Probed } from '../../ml/backend/probeLoaded.ts';
import { openComputeWindow } from './window.ts';

/** Probes WebGPU in the hidden window, where there is one. */
export const probeWindow = async (ports: Multiplexer, limitMs: number): Promise<Probed> => {
  const opened = await openComputeWindow(ports);
  if (typeof opened === 'string') return absent('webgpu', 'none', opened);
  const timer = setTimeout(() => opened.close(), limitMs);
  try {
    opened.send({ kind: 'probe' });
    const { message } = await opened.next();
    if (message.kind === 'probed') return message.report;
    const why = message.kind === 'lost' ? message.reason : message.kind === 'failed' ? message.error.message : `its probe ended without an answer within ${limitMs / 1000} s`;
    return absent('webgpu', opened.device, why);
  } finally {
    clearTimeout(timer);
    opened.close();
  }
};
