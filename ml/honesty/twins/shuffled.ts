import { Random } from '../../dataset/random.ts';
import type { HonestyFinding, HonestyTwin } from '../../documents/honesty.ts';
import { rmsOf, meanOf } from '../statistics.ts';
import { failedLives, findingOf, type FailedLife, type Subject } from '../subject.ts';
import { fewOfEachLife, fitStandIn, standInFeatures } from './standIn.ts';

/**
 * Labels are swapped between machines: each gets the length of another one's life. Nothing but the age is left to learn, so a
 * twin that sees the sensors too must not do better than one that sees the age alone, unless it knows its validation windows
 * from training (a split that cuts through lives, copies).
 */
const LIMIT = 0.1;
const SWAPS = 4;
const WINDOWS_A_LIFE = 30;
const FEWEST_LIVES = 5;

/** The label of a window whose machine lives as long as another one. */
const labelFor = ({ prepared: { config } }: Subject, left: number): number =>
  config.task === 'failure' ? Number(left <= (config.horizon ?? 0)) : Math.min(config.rulCap ?? left, Math.max(0, left));

/** Lives by machine and failure: parts of one life get one label, however it was cut. */
const wholeLives = (lives: readonly FailedLife[]) => {
  const nameOf = ({ unit }: FailedLife): string => `${unit.asset} ${unit.failureAt ?? ''}`;
  const names = [...new Set(lives.map(nameOf))];
  const lengths = names.map((name) => Math.max(...lives.filter((life) => nameOf(life) === name).map(({ steps }) => steps)));
  return { names, lengths, partOf: new Map(lives.map((life) => [life.index, { life: names.indexOf(nameOf(life)), steps: life.steps }])) };
};

/** The shuffled-label twin, and what it finds. */
export const shuffledTwin = (subject: Subject): { findings: HonestyFinding[]; twins: HonestyTwin[] } => {
  const { dataset, config } = subject.prepared;
  const lives = failedLives(dataset);
  const windows = fewOfEachLife(subject, WINDOWS_A_LIFE);
  const validating = (at: number): boolean => dataset.document.units[windows.units[at] ?? -1]?.split === 'validation';
  const training = [...windows.ends.keys()].filter((at) => !validating(at));
  const judged = [...windows.ends.keys()].filter(validating);
  if (lives.length < FEWEST_LIVES || judged.length === 0) return { findings: [], twins: [] };
  const random = Random.of(config.seed, 'shuffled twin');
  const both = standInFeatures(subject, windows, 'both');
  const age = standInFeatures(subject, windows, 'age');
  const { names, lengths, partOf } = wholeLives(lives);
  const results: { twin: number; chance: number }[] = [];
  for (let swap = 0; swap < SWAPS; swap++) {
    const order = random.shuffle(names.map((_, at) => at));
    const labels = Float32Array.from(windows.ends, (end, at) => {
      const part = partOf.get(windows.units[at] ?? -1);
      if (part === undefined) return Number.NaN;
      const change = (lengths[order[part.life] ?? 0] ?? 0) - (lengths[part.life] ?? 0);
      return labelFor(subject, part.steps - (end - (windows.firsts[at] ?? 0)) + change);
    });
    const errorOf = (features: typeof both): number => rmsOf(fitStandIn(features, labels, training, config)(judged).map((said, at) => said - (labels[judged[at] ?? 0] ?? 0)));
    results.push({ twin: errorOf(both), chance: errorOf(age) });
  }
  const twin = { name: 'shuffled-labels' as const, error: meanOf(results.map((one) => one.twin)), chance: meanOf(results.map((one) => one.chance)) };
  const gains = results.map((one) => (one.chance > 0 ? 1 - one.twin / one.chance : 0));
  const figure = meanOf(gains);
  if (figure <= LIMIT || gains.some((gain) => gain <= 0)) return { findings: [], twins: [twin] };
  const finding = findingOf('shuffled-twin', { figure, limit: LIMIT, measure: 'how much better than the age alone a twin is whose labels were swapped between machines', what: 'A twin that learnt labels of other machines still does better than the age alone: it knows the validation windows from training.', remedy: 'Look for lives that stand in both parts, or for copies of machines, and start a new run.' });
  return { findings: [finding], twins: [twin] };
};
