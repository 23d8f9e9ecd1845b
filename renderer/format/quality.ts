import type { QualityFinding } from '../../main/contract/quality.ts';
import type { Translate } from '../messages/translate.ts';

/** A quality score, 0 to 100, in a word; the words' limits are those of the colours. */
export const gradeOf = (score: number): 'good' | 'fair' | 'poor' => {
  if (score >= 90) return 'good';
  return score >= 70 ? 'fair' : 'poor';
};

/** A copy whose numbers differ by a unit's conversion alone is said as such. */
const isConverted = (finding: QualityFinding): boolean => finding.code === 'copy' && finding.scale !== null && finding.scale !== 1;

/** What was found, with its count or the sensor that it copies. */
export const findingWords = (t: Translate, finding: QualityFinding): string => {
  const other = finding.otherName ?? '';
  if (finding.code !== 'copy') return t(`qualityCode.${finding.code}`, { count: finding.count });
  return isConverted(finding) ? t('qualityCode.scaled', { other }) : t('qualityCode.copy', { other });
};
