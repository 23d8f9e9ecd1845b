/** A quality score, 0 to 100, in a word; the words' limits are those of the colours. */
export const gradeOf = (score: number): 'good' | 'fair' | 'poor' => {
  if (score >= 90) return 'good';
  return score >= 70 ? 'fair' : 'poor';
};
