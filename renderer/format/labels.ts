import type { LabelFinding } from '../../main/contract/labels.ts';
import type { Axis } from '../../main/contract/values.ts';
import type { Translate } from '../messages/translate.ts';
import type { Show } from './show.ts';

/** A stretch of a machine's axis: '3 days', '12 cycles'. */
const lengthOf = (show: Show, axis: Axis, length: number): string => (axis === 'time' ? show.span(length) : show.inUnit(Math.round(length), 'cycles'));

/** What makes an event doubtful, in a sentence made of the finding's figures. `modeWords` says a failure mode. */
export const labelFindingWords = (t: Translate, show: Show, modeWords: (mode: string) => string, axis: Axis, finding: LabelFinding): string => {
  const { code, details, kind } = finding;
  const number = (name: string): number => (typeof details[name] === 'number' ? details[name] : 0);
  const text = (name: string): string => (typeof details[name] === 'string' ? details[name] : '');
  const length = (name: string): string => lengthOf(show, axis, number(name));
  const other = (): string => t('labels.otherOf', { kind: t(`eventKind.${kind}`), mode: modeWords(text('otherMode')), at: show.position(axis, number('otherStart')) });
  switch (code) {
    case 'contradicts-readings':
      return t('labelFinding.contradicts-readings', { sensors: number('sensors') });
    case 'no-readings-before':
      return t('labelFinding.no-readings-before', { readings: number('readings'), needed: number('needed') });
    case 'double-entry':
      return t('labelFinding.double-entry', { other: other(), distance: length('distance') });
    case 'overlap':
      return t('labelFinding.overlap', { other: other(), overlap: length('overlap') });
    case 'known-before-start':
      return t('labelFinding.known-before-start', { early: length('early') });
    case 'after-last-reading':
      return t('labelFinding.after-last-reading', { late: length('late') });
    case 'no-return-to-service':
      return t('labelFinding.no-return-to-service', { until: lengthOf(show, axis, number('until') - finding.start) });
    case 'unknown-mode':
      return text('suggestion') === '' ? t('labelFinding.unknown-mode', { mode: finding.mode }) : t('labels.unknownMode', { mode: finding.mode, near: modeWords(text('suggestion')) });
  }
};
