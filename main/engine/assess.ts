import { AppError } from '../contract/errors.ts';
import type { AssetId } from '../contract/values.ts';
import type { Log } from './log.ts';

export interface AssessSteps {
  health(assets: readonly AssetId[], signal?: AbortSignal): Promise<unknown>;
  forecasts(assets: readonly AssetId[]): Promise<unknown>;
  alarms(assets: readonly AssetId[]): void;
  publish(assets: readonly AssetId[]): void;
}

export interface Assessment {
  /** Assesses these machines now, after what is under way. Rejects with the error of a step. */
  now(assets: readonly AssetId[], signal?: AbortSignal): Promise<void>;
  /** Assesses them soon: what comes in quick succession is done once. */
  soon(assets: readonly AssetId[]): void;
  close(): Promise<void>;
}

/** The way from rows to alarms (ISO 13374: state detection, health, prognosis, advisory), one round at a time. */
export const createAssessment = (steps: AssessSteps, log: Log, everyMs: number): Assessment => {
  const dirty = new Set<AssetId>();
  let timer: NodeJS.Timeout | null = null;
  let chain: Promise<void> = Promise.resolve();
  let closed = false;

  const round = async (assets: readonly AssetId[], signal?: AbortSignal): Promise<void> => {
    if (assets.length === 0 || closed) return;
    await steps.health(assets, signal);
    steps.publish(assets);
    await steps.forecasts(assets);
    steps.alarms(assets);
    steps.publish(assets);
  };

  const now = (assets: readonly AssetId[], signal?: AbortSignal): Promise<void> => {
    const next = chain.then(() => round(assets, signal));
    // The chain only orders the rounds; whoever asked for one hears of its error.
    chain = next.catch(() => undefined);
    return next;
  };

  const due = (): void => {
    timer = null;
    const assets = [...dirty];
    dirty.clear();
    now(assets).catch((thrown: unknown) => log.error('machines could not be assessed', { assets, error: AppError.of(thrown).message }));
  };

  return {
    now,
    soon: (assets) => {
      for (const asset of assets) dirty.add(asset);
      if (!closed) timer ??= setTimeout(due, everyMs);
    },
    close: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await chain;
    },
  };
};
