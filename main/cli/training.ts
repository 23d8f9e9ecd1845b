import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { Preset } from '../../ml/documents/config.ts';
import type { SearchReport } from '../../ml/documents/search.ts';
import { Task } from '../../ml/documents/task.ts';
import { AppError } from '../contract/errors.ts';
import { TrainRequest, type Model, type Schedule } from '../contract/training.ts';
import { ModelId, ScheduleId } from '../contract/values.ts';
import { command, withPlant } from './command.ts';
import { detailLines } from './detail.ts';
import { honestyLines, honestyWord } from './honesty.ts';
import { showCommand } from './showmodel.ts';
import { metricTable } from './metrics.ts';
import { leftOutLines, leftOutOf } from './leftout.ts';
import { checked, jsonFile, positiveOption, wholeOption, zoneOption, type CommonOptions } from './options.ts';
import { formatNumber, isoOf, print, table, tellProgress } from './output.ts';
import { waitForJob } from './session.ts';

const taskOption = (): Option => new Option('--task <task>', 'what to predict').choices(Task.options);
const presetOption = (): Option => new Option('--preset <preset>', 'the network').choices(Preset.options);


interface TrainOptions extends CommonOptions {
  readonly task: Task;
  readonly preset?: Preset;
  readonly config?: string;
  readonly seed?: number;
  readonly minutes?: number;
  readonly search?: boolean;
  readonly horizon?: number;
  readonly type?: string;
  readonly without?: string[];
}

/** A search without --minutes takes so long. */
const SEARCH_MINUTES = 60;

const metricName: Readonly<Record<Task, string>> = { rul: 'RMSE (rows)', failure: 'F1', fault: 'macro-F1', anomaly: 'metric' };

/** What a search has tried, the best first; the configurations trained in full before those that were given up. */
const searchTable = ({ trials, chosen, elapsedMs, minutes }: SearchReport): string[] => {
  if (trials.length === 0) return [`no trial was done within the ${formatNumber(minutes)} min of the search: what was asked for was trained; give it more minutes`];
  const most = Math.max(0, ...trials.map(({ epochs }) => epochs));
  const ranked = trials.toSorted((a, b) => Number(b.epochs === most) - Number(a.epochs === most) || (a.loss ?? Infinity) - (b.loss ?? Infinity));
  return [
    `searched for ${(elapsedMs / 60_000).toFixed(1)} min, ${trials.length} trials on units held out of the training part:`,
    ...table(['trial', 'chosen', 'preset', 'window', 'filters', 'blocks', 'kernel', 'dropout', 'rate', 'epochs', 'loss', metricName[trials[0]?.config.task ?? 'rul'], 's'], ranked.slice(0, 15).map((one) => [one.number, one.number === chosen ? 'yes' : '', one.config.preset, one.config.window, one.config.filters, one.config.blocks, one.config.kernel, one.config.dropout, one.config.learningRate, one.epochs, one.loss, one.metric, Math.round(one.ms / 1000)])),
  ];
};

const overridesOf = (file: string | undefined): TrainRequest['config'] => {
  if (file === undefined) return {};
  return checked(TrainRequest.shape.config, jsonFile(resolve(file)), `the configuration ${file}`);
};

const trainRequest = ({ task, type, horizon, config, preset, seed, minutes, search, without }: TrainOptions): TrainRequest =>
  checked(TrainRequest, {
    task,
    machineType: type ?? null,
    horizon: horizon ?? null,
    cause: 'cli',
    search: search === true ? { minutes: minutes ?? SEARCH_MINUTES } : null,
    config: { ...overridesOf(config), ...(preset === undefined ? {} : { preset }), ...(seed === undefined ? {} : { seed }), ...(without === undefined ? {} : { leaveOut: without }), ...(minutes === undefined || search === true ? {} : { minutes }) },
  }, 'the training');

/** train and evaluate. */
export const trainingCommands = (): Command[] => [
  command('train', 'freezes the data, trains, evaluates on validation units, registers the model')
    .addOption(taskOption().makeOptionMandatory())
    .addOption(presetOption())
    .option('--config <file>', 'overrides of the training configuration (JSON)')
    .option('--seed <n>', 'seed of everything random', wholeOption)
    .option('--minutes <m>', 'longest training time; with --search, the time of the search', positiveOption)
    .option('--search', 'looks for a better configuration first, at low priority')
    .option('--horizon <h>', "horizon of 'failure' and 'fault', in cycles, hours or days as the data have them", positiveOption)
    .option('--type <machine type>', 'which machines; by default the type with the most failures')
    .option('--without <sensors...>', 'sensors that nothing is learnt from: those that will not be known while a machine runs')
    .action((options: TrainOptions) =>
      withPlant(options, async ({ client, json }) => {
        const started = Date.now();
        const { job, run: id } = await client.training.train(trainRequest(options));
        await waitForJob(client, job, tellProgress);
        const { run, history } = await client.training.run({ run: id });
        if (run.evaluation === null || run.model === null) throw new AppError('internal', `run ${id} ended without a model`, { run: id });
        const { metrics, baselines, honesty = null, detail = null } = run.evaluation;
        const search = await client.training.search({ run: id });
        const leftOut = await leftOutOf(client, run.model, run.machineType);
        const seconds = (Date.now() - started) / 1000;
        print(json, { run: id, model: run.model, task: run.task, machineType: run.machineType, backend: run.backend, backends: run.backends, epochs: history, metrics, baselines, honesty, detail, bestEpoch: run.bestEpoch, leftOut, search, seconds }, () => [
          ...(search === null ? [] : searchTable(search)),
          `${run.model}: ${run.task} of ${run.machineType}, ${history.length} epochs on ${run.backend ?? '-'}, ${seconds.toFixed(0)} s; on validation units:`,
          ...run.backends.slice(1).map(({ reason }) => reason),
          ...metricTable(metrics, baselines),
          ...leftOutLines(leftOut),
          ...detailLines(detail),
          ...honestyLines(honesty),
        ]);
      }),
    ),
  command('evaluate', "metrics on data that the model has not seen: another plant's folder")
    .requiredOption('--model <id>', 'the model')
    .option('--on <plant>', "the other plant's folder; by default this plant")
    .action((options: CommonOptions & { model: string; on?: string }) =>
      withPlant(options, async ({ client, json }) => {
        const { job } = await client.training.evaluate({ model: checked(ModelId, options.model, '--model'), plantFolder: options.on === undefined ? null : resolve(options.on) });
        await waitForJob(client, job, tellProgress);
        const report = await client.training.evaluation({ job });
        const { metrics, baselines, detail = null } = report.evaluation;
        print(json, { model: report.model, metrics, baselines, detail, perAsset: report.perAsset }, () => [...metricTable(metrics, baselines), ...detailLines(detail)]);
      }),
    ),
];

/** The task and machines of a champion that followed another one; told by the options where there are several. */
const championToUndo = (models: readonly Model[], { task, type }: { task?: Task; type?: string }): { task: Task; machineType: string } => {
  const former = models.filter((model) => model.role === 'archived' && (task === undefined || model.task === task) && (type === undefined || model.machineType === type));
  const kinds = [...new Map(former.map((model) => [`${model.task} of ${model.machineType}`, { task: model.task, machineType: model.machineType }]))];
  const [first] = kinds;
  if (first === undefined) throw new AppError('state-conflict', 'there is no earlier champion to go back to');
  if (kinds.length > 1) throw new AppError('input-invalid', `several champions have one before them: ${kinds.map(([name]) => name).join(', ')}; say which with --task and --type`);
  return first[1];
};

/** models list, promote, rollback. */
export const modelsCommand = (): Command => {
  const list = (options: CommonOptions): Promise<void> =>
    withPlant(options, async ({ client, json }) => {
      const models = (await client.training.models({})).map((model) => ({ ...model, createdAt: isoOf(model.createdAt), metrics: model.evaluation.metrics }));
      print(json, { models }, () => table(['model', 'task', 'machines', 'role', 'created', 'parameters', 'honesty'], models.map((model) => [model.id, model.task, model.machineType, model.role, model.createdAt, model.parameters, honestyWord(model.evaluation.honesty)])));
    });
  const models = command('models', 'the registry').action(list);
  models.addCommand(showCommand());
  models.addCommand(
    command('promote', 'makes a model the champion of its task and machines')
      .argument('<id>')
      .action((id: string, options: CommonOptions) =>
        withPlant(options, async ({ client, json }) => {
          const model = await client.training.promote({ model: checked(ModelId, id, 'the model') });
          print(json, model, () => [`${model.id} is now the champion for ${model.task} of ${model.machineType}`]);
        }),
      ),
  );
  models.addCommand(
    command('rollback', 'makes the champion before this one the champion again')
      .addOption(taskOption())
      .option('--type <machine type>', 'which machines')
      .action((options: CommonOptions & { task?: Task; type?: string }) =>
        withPlant(options, async ({ client, json }) => {
          const model = await client.training.rollback(championToUndo(await client.training.models({}), options));
          print(json, model, () => [`${model.id} is the champion again`]);
        }),
      ),
  );
  return models;
};

const scheduleLine = (schedule: Schedule) => ({ id: schedule.id, cron: schedule.cron, zone: schedule.zone, task: schedule.task, machineType: schedule.machineType, search: schedule.search, nextRuns: schedule.nextRuns.map(isoOf), lastRun: schedule.lastRun });

/** schedule list, add, remove. */
export const scheduleCommand = (): Command => {
  const schedule = command('schedule', 'retraining schedules');
  const show = (json: boolean, list: readonly Schedule[]): void => {
    const schedules = list.map(scheduleLine);
    print(json, { schedules }, () => table(['id', 'cron', 'zone', 'task', 'search (min)', 'next run'], schedules.map((entry) => [entry.id, entry.cron, entry.zone, entry.task, entry.search?.minutes ?? null, entry.nextRuns[0] ?? null])));
  };
  schedule.addCommand(command('list', 'schedules and their next runs').action((options: CommonOptions) => withPlant(options, async ({ client, json }) => show(json, await client.training.schedules({})))));
  schedule.addCommand(
    command('add', 'adds a schedule')
      .requiredOption('--cron <expr>', 'five fields: minute hour day month weekday')
      .option('--zone <zone>', "zone of the cron's times; by default the plant's", zoneOption)
      .addOption(taskOption().makeOptionMandatory())
      .option('--type <machine type>', 'which machines')
      .option('--search', 'looks for a better configuration first, at low priority')
      .option('--minutes <m>', 'time of the search', positiveOption)
      .action((options: CommonOptions & { cron: string; zone?: string; task: Task; type?: string; search?: boolean; minutes?: number }) =>
        withPlant(options, async ({ client, json }) => {
          const zone = options.zone ?? (await client.system.settings({})).zone;
          show(json, [await client.training.addSchedule({ cron: options.cron, zone, task: options.task, machineType: options.type ?? null, search: options.search === true ? { minutes: options.minutes ?? SEARCH_MINUTES } : null })]);
        }),
      ),
  );
  schedule.addCommand(
    command('remove', 'removes a schedule')
      .argument('<id>', 'its number', wholeOption)
      .action((id: number, options: CommonOptions) =>
        withPlant(options, async ({ client, json }) => {
          await client.training.removeSchedule({ schedule: checked(ScheduleId, id, 'the schedule') });
          show(json, await client.training.schedules({}));
        }),
      ),
  );
  return schedule;
};
