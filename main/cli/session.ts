import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type EngineClient } from '../channel/client.ts';
import { connectTo } from '../channel/socket.ts';
import { AppError } from '../contract/errors.ts';
import type { Job } from '../contract/jobs.ts';
import { CONTRACT_VERSION } from '../contract/system.ts';
import type { JobId } from '../contract/values.ts';
import { openEngine } from '../engine/engine.ts';
import { systemClock } from '../engine/clock.ts';
import { createLog } from '../engine/log.ts';
import { readHolder } from '../store/lock.ts';
import { makeFolder } from '../store/place.ts';

export interface Session {
  readonly client: EngineClient;
  /** The process whose engine answers; null when this one has opened the plant itself. */
  readonly holder: number | null;
  close(): Promise<void>;
}

/** The plant's folder when --plant doesn't say: the window's own. */
export const defaultPlantFolder = (): string => {
  const named = process.env['MILLWRIGHT_PLANT'];
  if (named !== undefined && named !== '') return resolve(named);
  const data = process.env['XDG_DATA_HOME'];
  return join(data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share'), 'millwright', 'plant');
};

/** An engine holds the plant a moment before it can be spoken to: so long is waited for it. Milliseconds. */
const STARTS_WITHIN = 5000;
const LOOK_EVERY = 200;

/** Who holds the plant and can be spoken to; null where nobody says so in time. */
const holderOf = async (folder: string): Promise<ReturnType<typeof readHolder>> => {
  for (let waited = 0; waited < STARTS_WITHIN; waited += LOOK_EVERY) {
    const holder = readHolder(folder);
    if (holder !== null) return holder;
    await sleep(LOOK_EVERY);
  }
  return null;
};

/**
 * Opens the plant in this process, or speaks to the engine that holds it; never both.
 * @param background whether sources are followed and schedules run while the session is open.
 * @throws AppError('plant-locked') when something else than an engine that answers holds it.
 */
export const openSession = async (folder: string, background = false): Promise<Session> => {
  makeFolder(join(folder, 'logs'));
  try {
    const engine = await openEngine({ folder, clock: systemClock, log: createLog(join(folder, 'logs', 'cli.log')), background });
    return { client: createClient(engine.connect('cli')), holder: null, close: () => engine.close() };
  } catch (thrown) {
    const error = AppError.of(thrown);
    if (error.code !== 'plant-locked') throw error;
    const holder = await holderOf(folder);
    if (holder === null) throw error;
    const port = await connectTo(holder.socket).catch((cause: unknown) => {
      throw new AppError('plant-locked', `the plant ${folder} is held by process ${holder.pid}, which doesn't answer; wait until it ends, or end it`, { folder, pid: holder.pid }, cause);
    });
    const client = createClient(port);
    await client.system.hello({ contract: CONTRACT_VERSION });
    return {
      client,
      holder: holder.pid,
      close: () => {
        port.end();
        return Promise.resolve();
      },
    };
  }
};

const ENDED = new Set<Job['state']>(['done', 'failed', 'cancelled', 'cut']);

/** Waits for a job, tells its progress, cancels it on Ctrl-C. @throws the job's own error, or AppError('cancelled'). */
export const waitForJob = async (client: EngineClient, id: JobId, tell: (job: Job) => void): Promise<Job> => {
  const cancel = (): void => {
    client.jobs.cancel({ job: id }).catch(() => undefined);
  };
  process.once('SIGINT', cancel);
  try {
    for await (const message of await client.jobs.watch({})) {
      const job = message.kind === 'snapshot' ? message.items.find((item) => item.id === id) : message.kind === 'upsert' && message.item.id === id ? message.item : undefined;
      if (job === undefined) continue;
      tell(job);
      if (!ENDED.has(job.state)) continue;
      if (job.error !== null) throw AppError.fromDocument(job.error);
      if (job.state !== 'done') throw new AppError('cancelled', `the job was ${job.state} before it was done`);
      return job;
    }
    throw new AppError('engine-unreachable', 'the engine ended before the job was done');
  } finally {
    process.removeListener('SIGINT', cancel);
  }
};
