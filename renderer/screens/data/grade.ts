import type { SensorQuality } from '../../../main/contract/data.ts';

/** A quality score, 0 to 100, in a word; the words' limits are those of the colours. */
export const gradeOf = (score: number): 'good' | 'fair' | 'poor' => {
  if (score >= 90) return 'good';
  return score >= 70 ? 'fair' : 'poor';
};

const TROUBLES = ['missing', 'gaps', 'flat', 'spikes', 'outOfRange'] as const;
export type Trouble = (typeof TROUBLES)[number] | 'none';

/** What took points from a sensor's score, from its counts, so that it can be said in any language. */
export const troublesOf = (quality: SensorQuality): readonly Trouble[] => (quality.count === 0 ? ['none'] : TROUBLES.filter((trouble) => quality[trouble] > 0));
