import { blockingFindings, type Honesty } from '../../ml/documents/honesty.ts';
import { table } from './output.ts';

/** In one word, for lists of models. */
export const honestyWord = (honesty: Honesty | null | undefined): string => {
  if (honesty === null || honesty === undefined) return 'not checked';
  const [first] = blockingFindings(honesty);
  if (first !== undefined) return `blocked: ${first.code}`;
  return honesty.findings.length === 0 ? 'passed' : `passed, ${honesty.findings.length} warning${honesty.findings.length === 1 ? '' : 's'}`;
};

/** What the honesty guard found, for people. */
export const honestyLines = (honesty: Honesty | null | undefined): string[] => {
  if (honesty === null || honesty === undefined) return ['honesty guard: it has not looked at this model'];
  if (honesty.findings.length === 0) return ['honesty guard: nothing found'];
  const blocked = blockingFindings(honesty).length > 0;
  return [
    blocked ? 'honesty guard: this model can not be promoted' : 'honesty guard: warnings',
    ...table(['finding', 'severity', 'columns', 'figure', 'limit'], honesty.findings.map(({ code, severity, columns, figure, limit }) => [code, severity, columns.join(', '), figure, limit])),
    ...honesty.findings.flatMap(({ what, measure, remedy }) => ['', `${what} (${measure})`, remedy]),
  ];
};
