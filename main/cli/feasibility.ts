import type { Command } from 'commander';
import type { Criterion, Feasibility } from '../contract/feasibility.ts';
import { command, withPlant } from './command.ts';
import type { CommonOptions } from './options.ts';
import { formatNumber, print, table } from './output.ts';

const marks: Readonly<Record<Criterion['verdict'], string>> = { met: 'yes', doubtful: 'doubtful', unmet: 'no' };

const round = (value: number | null): string | null => (value === null ? null : formatNumber(Math.round(value * 1000) / 1000));

const tasksTable = ({ tasks }: Feasibility): string[] =>
  tasks.flatMap(({ task, verdict, criteria, horizons }) => [
    `${task}: ${verdict}`,
    ...table(['  ', 'criterion', 'found', 'needed', ''], criteria.map((one) => ['', `${one.code}: ${marks[one.verdict]}`, round(one.found), `${one.code === 'movement' ? 'below ' : ''}${one.least === null ? '' : `${round(one.least) ?? ''} to try, `}${round(one.needed) ?? ''} ${one.unit}`, one.message])),
    ...horizons.map(({ horizon, code, message }) => `  within ${formatNumber(horizon.value)} ${horizon.unit}: ${code === 'possible' ? 'yes' : 'no'}, ${message}`),
  ]);

const machinesTable = ({ perMachine }: Feasibility): string[] =>
  table(
    ['machine', 'failures', 'history', 'sensors', 'quality', 'can be forecast', 'why'],
    perMachine.map((one) => [one.name, one.failures, one.history === null ? null : `${formatNumber(Math.round(10 * one.history.value) / 10)} ${one.history.unit}`, one.sensors, one.quality === null ? null : Math.round(one.quality), one.tasks.join(', ') || 'nothing', one.reason]),
  );

const sensorsTable = ({ sensors, sensorsLeftOut, movement }: Feasibility): string[] => [
  ...table(['sensor', 'unit', 'measured', 'quality', 'moves before failures', 'p'], sensors.map((one) => [one.name, one.unit ?? '', one.coverage === null ? null : `${formatNumber(Math.floor(one.coverage * 1000) / 10)} %`, one.quality === null ? null : Math.round(one.quality), round(one.movement), one.p !== null && one.p < 0.001 ? '< 0.001' : round(one.p)])),
  ...sensorsLeftOut.map(({ name, reason }) => `left out: ${name} (${reason})`),
  ...(movement === null || movement.showsFor === null ? [] : [`failures show for ${formatNumber(movement.showsFor.value)} ${movement.showsFor.unit} on ${movement.sensor ?? '-'}`]),
];

const benefitLine = ({ benefit }: Feasibility): string[] => {
  const { failuresAMachineYear: rate, downtimeHours, downtimeHoursAYear } = benefit;
  if (rate === null || benefit.failures === 0) return [];
  const down = downtimeHours === null || downtimeHoursAYear === null ? '; how long repairs take is not recorded' : `, ${formatNumber(Number(downtimeHours.toPrecision(3)))} hours down each: ${formatNumber(Number(downtimeHoursAYear.toPrecision(3)))} hours a year on all machines`;
  return [`${formatNumber(Number(rate.toPrecision(3)))} failures a machine-year${down}`];
};

const linesOf = (one: Feasibility): string[] => [
  `${one.machineType}: ${one.machines} machine${one.machines === 1 ? '' : 's'}, ${one.failures} failure${one.failures === 1 ? '' : 's'} with readings before`,
  `  proposal: ${one.proposal.message}`,
  '',
  ...tasksTable(one),
  '',
  ...machinesTable(one),
  '',
  ...sensorsTable(one),
  ...one.leftOut.map(({ assetName, mode, reason }) => `failure left out: '${mode}' of ${assetName} (${reason})`),
  ...benefitLine(one),
];

/** Whether and what can be predicted of the machines, and why not more. */
export const feasibilityCommand = (): Command =>
  command('feasibility', 'can these machines be predicted? what labels and readings allow, and what is missing')
    .option('--type <machine type>', 'of these machines alone')
    .option('--labels-only', 'counts labels, without looking at the readings')
    .action((options: CommonOptions & { type?: string; labelsOnly?: boolean }) =>
      withPlant(options, async ({ client, json }) => {
        const types = await client.training.feasibility({ depth: options.labelsOnly === true ? 'labels' : 'readings', machineType: options.type ?? null });
        print(json, { types }, () => (types.length === 0 ? ['there are no machines yet; import sensor logs first'] : types.flatMap((one, at) => [...(at === 0 ? [] : ['']), ...linesOf(one)])));
      }),
    );
