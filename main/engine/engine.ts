import { createAlarms } from '../alarms/alarms.ts';
import { createRouter } from '../api/router.ts';
import type { Parts } from '../api/parts.ts';
import type { Alarm } from '../contract/alarms.ts';
import type { Source } from '../contract/data.ts';
import type { ProcessStatus } from '../contract/system.ts';
import type { Run } from '../contract/training.ts';
import { createForecasts } from '../forecast/forecasts.ts';
import { createHealth } from '../health/health.ts';
import { createIngest } from '../ingest/ingest.ts';
import { createLabels } from '../labels/labels.ts';
import { Assessor } from '../quality/assessor.ts';
import { createCleaning } from '../quality/cleaning/cleaning.ts';
import { CopyFinder } from '../quality/copies/copies.ts';
import { createQuality } from '../quality/quality.ts';
import { createRegistry } from '../registry/registry.ts';
import { createRuns } from '../runs/runs.ts';
import { createSchedules } from '../runs/schedules.ts';
import { makeFolder } from '../store/place.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { createAssessment } from './assess.ts';
import { probeBackends } from './backends.ts';
import { createCuda } from './cuda/keeper.ts';
import { createDemo } from './demo.ts';
import { examine } from './doctor.ts';
import { streamEpochs } from './epochs.ts';
import { exportReadings } from './export/export.ts';
import { createJobs } from './jobs.ts';
import { startLifecycle, type Engine, type EngineOptions, type OpenedPlant, type Surroundings } from './lifecycle.ts';
import type { Log } from './log.ts';
import { createMachineBoard } from './machines.ts';
import { createScorer } from './scorer.ts';
import { createBackups } from './storage/backups.ts';
import { createRetention } from './storage/retention.ts';
import { startUpkeep } from './storage/upkeep.ts';
import { createTopic, type Topic } from './topic.ts';
import { createTrainers } from './trainer.ts';

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

export type { Engine, EngineOptions };

/** Puts the parts together: the only place that knows them all. */
const assemble = (plant: Plant, { clock, log, folder, openCompute = null }: EngineOptions, { storage, monitor, hello }: Surroundings) => {
  const processes = processTopic();
  const scorer = createScorer(log, processes.tell);
  const jobs = createJobs(plant.jobs, clock, log);
  const backups = createBackups(plant, clock, monitor);
  const registry = createRegistry({ plant, clock, folder });
  const ingest = createIngest({ plant, clock, log });
  const assessor = new Assessor(plant);
  const quality = createQuality(plant, assessor, new CopyFinder(plant));
  const cleaning = createCleaning(plant, assessor);
  const labels = createLabels(plant);
  const health = createHealth({ plant, clock, log });
  const forecasts = createForecasts({ plant, clock, log, askScorer: scorer.ask, modelFolder: registry.modelFolder, documentOf: registry.documentOf, standsStill: health.standsStill, spansOf: cleaning.spans });
  const alarms = createAlarms({ plant, clock, log });
  const machines = createMachineBoard(plant, clock);
  const assessment = createAssessment(
    { health: (assets, signal) => health.update(assets, signal), forecasts: (assets) => forecasts.update(assets), alarms: (assets) => alarms.evaluate(assets), publish: machines.touch },
    log,
    ASSESS_EVERY_MS,
  );
  const runs = createRuns({ plant, clock, log, folder, jobs, registry, startTrainer: createTrainers(log, processes.tell, openCompute), askScorer: scorer.ask, settleCleaning: cleaning.settled, qualityOf: quality.ofSensors });
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

  const backends = (): ReturnType<typeof probeBackends> => probeBackends(log, openCompute);
  const parts: Parts = {
    hello, storage,
    onAuditLost: ({ actor, act }, error) => log.error('a command is not in the audit trail', { actor, act, error: error.message }),
    retention: createRetention(plant, clock),
    backup: backups.backup,
    exportReadings: (request, context) => exportReadings(plant, request, context),
    clock, plant, jobs, ingest, quality, cleaning, labels, forecasts, alarms, runs, schedules, registry, machines, topics,
    epochs: (run, signal) => streamEpochs(runs, plant, run, signal),
    doctor: () => examine(plant, backends),
    backends,
    cuda: createCuda(jobs),
    startDemo: () => demo.start(),
    afterRows: assessment.now,
  };
  return { parts, scorer, assessment, demo, backups };
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

/** Opens the plant and puts everything on it together. @throws AppError('plant-newer' | 'plant-damaged' | 'file-unreadable' | 'disk-full' | 'plant-locked') */
const openAll = (options: EngineOptions, surroundings: Surroundings): OpenedPlant => {
  const { monitor } = surroundings;
  const plant = openPlant(options.folder, { clock: options.clock, guard: () => monitor.guard(), onTrouble: (error) => monitor.noticed(error) });
  try {
    const assembly = assemble(plant, options, surroundings);
    const stopBackground = options.background ? startBackground(assembly, plant, options.log) : (): void => undefined;
    const stopUpkeep = options.background ? startUpkeep({ plant, clock: options.clock, log: options.log, jobs: assembly.parts.jobs, monitor, backups: assembly.backups, retention: assembly.parts.retention }) : () => Promise.resolve();
    return {
      router: createRouter(assembly.parts),
      plant,
      beginDemo: () => {
        if (plant.settings.get().mode === 'none') assembly.parts.startDemo();
      },
      note: (actor, act, details) => plant.audit.append({ actor, act, subject: '', details }),
      close: async () => {
        stopBackground();
        await assembly.parts.ingest.ended();
        await stopUpkeep();
        await assembly.parts.jobs.close();
        await assembly.assessment.close();
        await Promise.all([assembly.scorer.stop(), assembly.demo.stop()]);
        plant.close();
      },
    };
  } catch (thrown) {
    plant.close();
    throw thrown;
  }
};

/**
 * Opens a plant and everything that works on it. One that is damaged is served all the same, by what is left without it (lifecycle.ts).
 * @throws AppError('plant-locked') when another process holds it; 'plant-newer'; without background also 'file-unreadable', 'disk-full'
 */
export const openEngine = (options: EngineOptions): Promise<Engine> => {
  makeFolder(options.folder);
  return startLifecycle(options, (surroundings) => openAll(options, surroundings));
};
