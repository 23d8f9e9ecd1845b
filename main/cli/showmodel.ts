import { InvalidArgumentError, type Command } from 'commander';
import { costCurve, type Costs } from '../../ml/documents/costs.ts';
import { AppError } from '../contract/errors.ts';
import { command, withPlant } from './command.ts';
import { detailLines } from './detail.ts';
import { honestyLines } from './honesty.ts';
import { metricTable } from './metrics.ts';
import type { CommonOptions } from './options.ts';
import { print } from './output.ts';

const costsOption = (text: string): Costs => {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [miss, falseAlarm, replacement, early] = numbers;
  if (numbers.length !== 4 || miss === undefined || falseAlarm === undefined || replacement === undefined || early === undefined || !numbers.every((one) => Number.isFinite(one) && one >= 0))
    throw new InvalidArgumentError('expected four numbers of 0 or more with commas between: a failure without alarm, a false alarm, a planned replacement, a unit of life given away.');
  return { miss, falseAlarm, replacement, early };
};

/** models show: how a model did on its validation units, and what that is worth in the plant's money. */
export const showCommand = (): Command =>
  command('show', 'how a model did on its validation units: metrics beside its rivals, alarms, calibration, honesty')
    .argument('<id>')
    .option('--costs <miss,false,planned,early>', 'cost of a failure without alarm, of a false alarm, of a planned replacement and of each unit of life given away: adds the cost by threshold', costsOption)
    .action((id: string, options: CommonOptions & { costs?: Costs }) =>
      withPlant(options, async ({ client, json }) => {
        const model = (await client.training.models({})).find((one) => one.id === id);
        if (model === undefined) throw new AppError('not-found', `there is no model '${id}'; 'models' lists those there are`, { model: id });
        const { metrics, baselines, detail = null, honesty = null } = model.evaluation;
        const costs = options.costs ?? null;
        const alarms = detail?.alarms ?? null;
        print(json, { ...model, costs: alarms === null || costs === null ? null : costCurve(alarms, costs) }, () => [`${model.id}: ${model.task} of ${model.machineType}, ${model.role}; on validation units:`, ...metricTable(metrics, baselines), ...detailLines(detail, costs), ...honestyLines(honesty)]);
      }),
    );
