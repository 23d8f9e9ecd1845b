import { AppError } from '../contract/errors.ts';
import { EvaluationReport } from '../contract/training.ts';
import { factsOf } from '../registry/facts.ts';
import { os } from './context.ts';
import type { Parts } from './parts.ts';

export const trainingCalls = ({ plant, jobs, runs, schedules, registry, topics, epochs, afterRows }: Parts) => {
  const refresh = async (machineType: string): Promise<void> => {
    await afterRows(plant.assets.list().filter((asset) => asset.level === 'machine' && asset.machineType === machineType).map((asset) => asset.id));
  };
  return {
    feasibility: os.training.feasibility.handler(({ input, signal }) => runs.feasibility(input, signal)),
    train: os.training.train.handler(({ input }) => runs.train(input, input.cause)),
    resume: os.training.resume.handler(({ input }) => runs.resume(input.run)),
    runs: os.training.runs.handler(({ signal }) => topics.runs.stream(signal)),
    run: os.training.run.handler(({ input }) => {
      const run = runs.get(input.run);
      return { run, history: plant.runs.history(input.run) };
    }),
    epochs: os.training.epochs.handler(({ input, signal }) => epochs(input.run, signal)),
    search: os.training.search.handler(({ input }) => runs.search(input.run)),
    modelFacts: os.training.modelFacts.handler(({ input }) => factsOf(registry.documentOf(input.model))),
    models: os.training.models.handler(() => registry.models()),
    promote: os.training.promote.handler(async ({ input }) => {
      const model = registry.promote(input.model);
      await refresh(model.machineType);
      return model;
    }),
    rollback: os.training.rollback.handler(async ({ input }) => {
      const model = registry.rollback(input.task, input.machineType);
      await refresh(model.machineType);
      return model;
    }),
    evaluate: os.training.evaluate.handler(({ input }) => ({
      job: jobs.start({ kind: 'evaluate', subject: input.model, unit: 'assets', request: input }, (context) => runs.evaluate(input.model, input.plantFolder, context)),
    })),
    evaluation: os.training.evaluation.handler(({ input }) => {
      const report = EvaluationReport.safeParse(jobs.result(input.job));
      if (!report.success) throw new AppError('not-found', `job ${input.job} was no evaluation`, { job: input.job });
      return report.data;
    }),
    schedules: os.training.schedules.handler(() => schedules.list()),
    previewCron: os.training.previewCron.handler(({ input }) => schedules.preview(input.cron, input.zone, input.count)),
    addSchedule: os.training.addSchedule.handler(({ input }) => schedules.add(input)),
    removeSchedule: os.training.removeSchedule.handler(({ input }) => {
      schedules.remove(input.schedule);
      return { schedule: input.schedule };
    }),
  };
};
