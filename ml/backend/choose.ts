import type { BackendReport } from '../documents/backend.ts';
import type { Probed } from './probeLoaded.ts';

/** All backends, in the order that they are preferred in where their speed is the same. */
export const backendNames: readonly BackendReport['name'][] = ['tfjs-node-cuda', 'tfjs-node', 'webgpu', 'wasm', 'plain'];

const fitToTrain = ({ available, selfCheck, trainMsPerEpoch }: Probed): boolean => available && selfCheck === 'passed' && trainMsPerEpoch !== null;

/**
 * The one place where a backend is chosen: the one that trains fastest of those that are there and passed their self-check.
 * @returns every backend's report, the chosen one marked, the reasons completed; none is chosen when none can train
 */
export const chooseBackend = (probed: readonly Probed[]): BackendReport[] => {
  const msOf = ({ trainMsPerEpoch }: Probed): number => trainMsPerEpoch ?? Number.POSITIVE_INFINITY;
  const [best] = probed.filter(fitToTrain).sort((a, b) => msOf(a) - msOf(b) || backendNames.indexOf(a.name) - backendNames.indexOf(b.name));
  return probed.map((report) => {
    if (report === best) return { ...report, chosen: true, reason: `${report.reason}; it trains fastest here` };
    if (best === undefined || !fitToTrain(report)) return { ...report, chosen: false };
    return { ...report, chosen: false, reason: `${report.reason}; ${(msOf(report) / msOf(best)).toFixed(1)} times slower than ${best.name}` };
  });
};
