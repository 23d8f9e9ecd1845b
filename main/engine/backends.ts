import { z } from 'zod';
import { BackendReport } from '../../ml/documents/backend.ts';
import { AppError } from '../contract/errors.ts';
import { startChild } from '../host/child.ts';
import { startFileOf } from '../host/places.ts';
import { computeArgs, relayCompute, type OpenCompute } from './compute.ts';
import { cudaEnvironment } from './cuda/place.ts';
import type { Log } from './log.ts';
import { quietTensorFlow } from './tensorFlowLog.ts';

const PROBE_MS = 120_000;

/** Asks a trainer process to probe and self-check the compute backends. Rejects AppError('no-backend' | 'process-ended'). */
export const probeBackends = (log: Log, openCompute: OpenCompute): Promise<BackendReport[]> =>
  new Promise((resolve, reject) => {
    const ports = relayCompute((message) => child.send(message), openCompute);
    const child = startChild({
      node: process.execPath,
      program: 'trainer',
      file: startFileOf('trainer'),
      env: { ...quietTensorFlow, ...cudaEnvironment() },
      args: ['--probe', ...computeArgs(openCompute)],
      onMessage: (raw) => {
        if (ports.take(raw)) return;
        const report = z.strictObject({ kind: z.literal('backends'), backends: z.array(BackendReport) }).safeParse(raw);
        if (!report.success) return;
        resolve(report.data.backends);
        child.stop();
      },
      onLine: (line) => log.info('probe', { line }),
      onExit: (why) => {
        clearTimeout(timer);
        ports.endAll();
        reject(new AppError('process-ended', `the backends' probe ended (${why}) before it answered`, { why }));
      },
    });
    const timer = setTimeout(() => child.kill(), PROBE_MS);
  });
