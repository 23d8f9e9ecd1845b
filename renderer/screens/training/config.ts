import type { Amount } from '../../../main/contract/feasibility.ts';
import { TrainingConfig } from '../../../ml/documents/config.ts';
import type { Show } from '../../format/show.ts';
import type { Translate } from '../../messages/translate.ts';

/** What a run starts from when nobody changes anything: the schema's own defaults. */
export const USUAL_CONFIG: TrainingConfig = TrainingConfig.parse({ task: 'rul' });

/** The options that people may set, in the order of the form. */
export const BASICS = ['epochs', 'minutes', 'seed'] as const;
export const GROUPS = {
  window: ['window', 'stride', 'rulCap', 'validationShare', 'classWeights'],
  augmentation: ['shortHistories', 'jitter', 'scaling', 'masking', 'windowWarp'],
  network: ['pooling', 'members', 'maskInputs', 'filters', 'blocks', 'kernel', 'dense', 'dropout', 'l2', 'batchNormalisation'],
  learning: ['learningRate', 'schedule', 'warmUpEpochs', 'gradientClip', 'weightAveraging', 'batch', 'windowsPerEpoch', 'patience'],
} as const;
export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = ['window', 'augmentation', 'network', 'learning'] as const satisfies readonly GroupName[];
export type OptionName = (typeof BASICS)[number] | (typeof GROUPS)[GroupName][number];
export type OptionValue = TrainingConfig[OptionName];
export type Overrides = Partial<Record<OptionName, OptionValue>>;

const ALL: readonly OptionName[] = [...BASICS, ...GROUP_NAMES.flatMap((group) => GROUPS[group])];

/** The overrides as the contract takes them, or the options whose value the schema refuses. */
export const checkOverrides = (overrides: Overrides): { readonly config: Partial<TrainingConfig>; readonly wrong: ReadonlySet<string> } => {
  const parsed = TrainingConfig.partial().omit({ task: true }).safeParse(overrides);
  if (!parsed.success) return { config: {}, wrong: new Set(parsed.error.issues.map((issue) => String(issue.path[0]))) };
  const given = new Set<string>(Object.keys(overrides));
  return { config: Object.fromEntries(Object.entries(parsed.data).filter(([name]) => given.has(name))), wrong: new Set() };
};

/** Options counted in rows of the data: what they are in time depends on the machines. */
const IN_ROWS: readonly OptionName[] = ['window', 'stride', 'rulCap', 'pooling'];
const MICROS = { hours: 3600e6, days: 86_400e6 } as const;

/** How much of this plant's time so many rows are: '50 rows are 2 days here.'; null where the option isn't in rows, or the step isn't known. */
export const rowsInTime = (t: Translate, show: Show, name: OptionName, value: OptionValue | undefined, step: Amount | null): string | null => {
  const rows = value ?? USUAL_CONFIG[name];
  if (step === null || step.unit === 'cycles' || typeof rows !== 'number' || !Number.isFinite(rows) || !IN_ROWS.includes(name)) return null;
  return t('start.rowsAre', { rows, span: show.span(rows * step.value * MICROS[step.unit]) });
};

/** An option's value in words. */
export const optionText = (t: Translate, show: Show, value: OptionValue): string => {
  if (value === null) return t('start.automatic');
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (typeof value === 'number') return show.number(value);
  return value === 'constant' || value === 'cosine' ? t(`scheduleName.${value}`) : t(`maskName.${value}`);
};

/** One line of a table of configurations: the option's name and its value in each. */
export interface ConfigLine {
  readonly name: OptionName | 'preset' | 'horizon' | 'leaveOut';
  readonly values: readonly string[];
}

/** All options of one or more configurations, or only those in which they differ. */
export const configLines = (t: Translate, show: Show, configs: readonly TrainingConfig[], onlyDifferent: boolean): readonly ConfigLine[] => {
  const preset: ConfigLine = { name: 'preset', values: configs.map((config) => t(`preset.${config.preset}`)) };
  const horizon: ConfigLine = { name: 'horizon', values: configs.map((config) => (config.horizon === null ? '–' : show.number(config.horizon))) };
  const leaveOut: ConfigLine = { name: 'leaveOut', values: configs.map((config) => (config.leaveOut.length === 0 ? '–' : config.leaveOut.join(', '))) };
  const rest = ALL.map((name): ConfigLine => ({ name, values: configs.map((config) => optionText(t, show, config[name])) }));
  return [preset, horizon, leaveOut, ...rest].filter((line) => !onlyDifferent || new Set(line.values).size > 1);
};
