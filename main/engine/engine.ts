import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createAlarms } from '../alarms/alarms.ts';
import { createRouter } from '../api/router.ts';
import type { Parts } from '../api/parts.ts';
import { createPortPair, type Port } from '../channel/port.ts';
import { createServer } from '../channel/serve.ts';
import { listen } from '../channel/socket.ts';
import type { Alarm } from '../contract/alarms.ts';
import type { Source } from '../contract/data.ts';
import { CONTRACT_VERSION, type ProcessStatus } from '../contract/system.ts';
import type { Run } from '../contract/training.ts';
import { createForecasts } from '../forecast/forecasts.ts';
import { createHealth } from '../health/health.ts';
import { createIngest } from '../ingest/ingest.ts';
import { createLabels } from '../labels/labels.ts';
import { Assessor } from '../quality/assessor.ts';
import { createCleaning } from '../quality/cleaning/cleaning.ts';
import { createQuality } from '../quality/quality.ts';
import { createRegistry } from '../registry/registry.ts';
import { createRuns } from '../runs/runs.ts';
import { createSchedules } from '../runs/schedules.ts';
import { acquirePlantLock, writeHolder } from '../store/lock.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { createAssessment } from './assess.ts';
import { probeBackends } from './backends.ts';
import type { Clock } from './clock.ts';
import { createDemo } from './demo.ts';
import { examine } from './doctor.ts';
import { streamEpochs } from './epochs.ts';
import { createJobs } from './jobs.ts';
import type { Log } from './log.ts';
import { createMachineBoard } from './machines.ts';
import { createScorer } from './scorer.ts';
import { createTopic, type Topic } from './topic.ts';
import { createTrainers } from './trainer.ts';
import { APP_VERSION } from './version.ts';

export interface EngineOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether sources are followed, schedules run and other processes may connect; false for one command of the command line. */
  readonly background: boolean;
}

export interface Engine {
  /** Serves a face that speaks over this port. */
  serve(port: Port, actor: string): void;
  /** A port of this very process. */
  connect(actor: string): Port;
  /** Begins the demo plant where the first start's question is not answered yet. */
  beginDemo(): void;
  close(): Promise<void>;
}

const ASSESS_EVERY_MS = 5000;
const SLOW_TICK_MS = 1000;
const ALL_EVERY_MS = 60_000;

const processTopic = (): { topic: Topic<ProcessStatus>; tell(status: ProcessStatus): void } => {
  const known = new Map<string, ProcessStatus>();
  const topic = createTopic<ProcessStatus>(() => [...known.values()], (status) => status.name);
  return {
    topic,
    tell: (status) => {
      known.set(status.name, status);
      topic.publish(status);
    },
  };
};

/** Puts the parts together: the only place that knows them all. */
const assemble = (plant: Plant, { clock, log, folder }: EngineOptions) => {
  const startedAt = clock.now();
  const processes = processTopic();
  const scorer = createScorer(log, processes.tell);
  const jobs = createJobs(plant.jobs, clock, log);
  const registry = createRegistry({ plant, clock, folder });
  const ingest = createIngest({ plant, clock, log });
  const assessor = new Assessor(plant);
  const quality = createQuality(plant, assessor);
  const cleaning = createCleaning(plant, assessor);
  const labels = createLabels(plant);
  const health = createHealth({ plant, clock, log });
  const forecasts = createForecasts({ plant, clock, log, askScorer: scorer.ask, modelFolder: registry.modelFolder, documentOf: registry.documentOf, standsStill: health.standsStill });
  const alarms = createAlarms({ plant, clock, log });
  const machines = createMachineBoard(plant, clock);
  const assessment = createAssessment(
    { health: (assets, signal) => health.update(assets, signal), forecasts: (assets) => forecasts.update(assets), alarms: (assets) => alarms.evaluate(assets), publish: machines.touch },
    log,
    ASSESS_EVERY_MS,
  );
  const runs = createRuns({ plant, clock, log, folder, jobs, registry, startTrainer: createTrainers(log, processes.tell), askScorer: scorer.ask });
  const schedules = createSchedules({ plant, clock, log, startRun: (request) => runs.train(request, 'schedule') });
  const demo = createDemo({ plant, ingest, runs, jobs, log, assess: assessment.now, onStatus: processes.tell });

  const topics = {
    processes: processes.topic,
    sources: createTopic<Source>(() => ingest.sources(), (source) => source.id),
    alarms: createTopic<Alarm>(() => alarms.list(), (alarm) => alarm.id),
    runs: createTopic<Run>(() => runs.list(), (run) => run.id),
  };
  ingest.onSource(topics.sources.publish);
  ingest.onRows(assessment.soon);
  alarms.onAlarm((alarm) => {
    if (alarm.closedAt === null) topics.alarms.publish(alarm);
    else topics.alarms.remove(alarm.id);
    machines.touch([alarm.asset]);
  });
  runs.onRun((run) => {
    topics.runs.publish(run);
    if (run.state === 'done') assessment.soon(plant.assets.machines().flatMap((machine) => (machine.machineType === run.machineType ? [machine.id] : [])));
  });

  const backends = (): ReturnType<typeof probeBackends> => probeBackends(log);
  const parts: Parts = {
    hello: () => ({ contract: CONTRACT_VERSION, app: APP_VERSION, enginePid: process.pid, plantFolder: folder, startedAt }),
    clock, plant, jobs, ingest, quality, cleaning, labels, forecasts, alarms, runs, schedules, registry, machines, topics,
    epochs: (run, signal) => streamEpochs(runs, plant, run, signal),
    doctor: () => examine(plant, backends),
    backends,
    startDemo: () => demo.start(),
    afterRows: assessment.now,
  };
  return { parts, scorer, assessment, demo };
};

type Assembly = ReturnType<typeof assemble>;

/** Everything that goes on by itself while a window, or `serve`, is open. */
const startBackground = ({ parts, demo, scorer, assessment }: Assembly, plant: Plant, log: Log): (() => void) => {
  // Time alone changes what is told of a machine: its data grow stale, its forecast loses its ground.
  const all = (): void => assessment.soon(plant.assets.machines().map((machine) => machine.id));
  const tick = (): void => {
    parts.alarms.tick();
    parts.schedules.tick();
  };
  const guarded = (work: () => void) => (): void => {
    try {
      work();
    } catch (thrown) {
      log.error('a tick failed', { error: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
  parts.ingest.start();
  demo.resume();
  if (plant.models.champions().length > 0) scorer.warm();
  const timers = [setInterval(guarded(tick), SLOW_TICK_MS), setInterval(guarded(all), ALL_EVERY_MS)];
  return () => {
    for (const timer of timers) clearInterval(timer);
    parts.ingest.stop();
  };
};

/** A local socket by which the command line finds the engine that holds the plant. Its path is short: the system allows 107 bytes. */
const socketPath = (folder: string): string => join(tmpdir(), `millwright-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}-${process.pid}.sock`);

/**
 * Opens a plant and everything that works on it.
 * @throws AppError('plant-locked') when another process holds it; 'plant-newer', 'plant-damaged', 'file-unreadable', 'disk-full'
 */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  const { folder, log } = options;
  mkdirSync(folder, { recursive: true });
  const release = acquirePlantLock(folder);
  let plant: Plant;
  try {
    plant = openPlant(folder, { clock: options.clock });
  } catch (thrown) {
    release();
    throw thrown;
  }
  const assembly = assemble(plant, options);
  const server = createServer(createRouter(assembly.parts), (error) => log.error('a call ended by a bug', { error: error.message, stack: error.cause instanceof Error ? error.cause.stack : error.stack }));

  const path = socketPath(folder);
  const socket = options.background ? await listen(path, (port) => server.serve(port, { actor: 'cli' })) : null;
  if (socket !== null) writeHolder(folder, { pid: process.pid, socket: path, contract: CONTRACT_VERSION });
  const stopBackground = options.background ? startBackground(assembly, plant, log) : (): void => undefined;
  log.info('the plant is open', { folder, background: options.background });

  return {
    serve: (port, actor) => server.serve(port, { actor }),
    connect: (actor) => {
      const [face, engine] = createPortPair();
      server.serve(engine, { actor });
      return face;
    },
    beginDemo: () => {
      if (plant.settings.get().mode === 'none') assembly.parts.startDemo();
    },
    close: async () => {
      stopBackground();
      socket?.close();
      await assembly.parts.jobs.close();
      await assembly.assessment.close();
      await Promise.all([assembly.scorer.stop(), assembly.demo.stop()]);
      plant.close();
      release();
      if (socket !== null) await rm(path, { force: true });
    },
  };
};
