import type { QualityCode, QualityFinding } from '../contract/quality.ts';

const percent = (share: number): string => (share > 0 && share < 0.001 ? 'less than 0.1 %' : `${Math.round(share * 1000) / 10} %`);
const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const copyWords = ({ otherName, scale }: QualityFinding): string => (scale === 1 ? `the readings are those of ${otherName ?? '?'}` : `the readings are those of ${otherName ?? '?'} times ${Number((scale ?? NaN).toPrecision(4))}`);

const sentences: Readonly<Record<QualityCode, (finding: QualityFinding) => string>> = {
  'no-readings': () => 'no readings',
  missing: ({ count, share }) => `${percent(share)} of the readings are missing (${count})`,
  gap: ({ count, share }) => `${many(count, 'gap')} of ${percent(share)} of the time`,
  flat: ({ share }) => `${percent(share)} of the readings lie on flat lines`,
  constant: () => 'the value never changes',
  spike: ({ count }) => many(count, 'spike'),
  'out-of-range': ({ count }) => `${many(count, 'reading')} out of range`,
  'interval-drift': ({ share }) => `${percent(share)} of the steps have another interval`,
  'duplicate-time': ({ count }) => `${many(count, 'reading')} had a time that was taken`,
  'stuck-time': ({ count }) => `${many(count, 'reading')} came while the clock stood still`,
  copy: copyWords,
};

/** A finding in one English sentence; the window makes its own from the fields. */
export const wordsOf = (finding: QualityFinding): string => sentences[finding.code](finding);
