import { alarmCalls } from './alarms.ts';
import { audited, os } from './context.ts';
import { dataCalls } from './data.ts';
import { jobCalls } from './jobs.ts';
import type { Parts } from './parts.ts';
import { labelCalls } from './labels.ts';
import { plantCalls } from './plant.ts';
import { qualityCalls } from './quality.ts';
import { storageCalls } from './storage.ts';
import { systemCalls } from './system.ts';
import { trainingCalls } from './training.ts';

/** The contract, answered. A call that the contract names and nobody answers doesn't compile. */
export const createRouter = (parts: Parts) =>
  os.use(audited(parts.plant.audit, parts.onAuditLost)).router({
    system: systemCalls(parts),
    plant: plantCalls(parts),
    data: dataCalls(parts),
    quality: qualityCalls(parts),
    labels: labelCalls(parts),
    training: trainingCalls(parts),
    alarms: alarmCalls(parts),
    storage: storageCalls(parts),
    jobs: jobCalls(parts),
  });
export type EngineRouter = ReturnType<typeof createRouter>;
