import type { Mapping } from '../../contract/data.ts';
import { cutterOf } from '../reading/cells.ts';
import { decoderOf } from '../reading/encoding.ts';
import { Intake, IntakeState } from '../storing/intake.ts';
import { uniqueNames } from '../shape/header.ts';

/** In the midst of a stream a header may come, and then is known as one; none must be passed over. */
export const withoutHeader = (mapping: Mapping): Mapping => (mapping.dialect.headerLines === 0 ? mapping : { ...mapping, dialect: { ...mapping.dialect, headerLines: 0 } });

/**
 * The form by which lines are read, where they are of this one: a header by its names, in their order, else rows that the form can read. Null
 * where they are of another. `lines`: whole lines.
 */
export const fits = (form: Mapping, lines: Buffer): Mapping | null => {
  const first = Math.min(...[lines.indexOf(10), lines.indexOf(13)].filter((at) => at >= 0));
  if (first === Infinity || form.dialect.encoding.startsWith('utf-16')) return null;
  const cells = cutterOf(form.dialect.delimiter)(decoderOf(form.dialect.encoding)(lines.subarray(0, first)));
  const names = uniqueNames(cells).map(({ name }) => name);
  const isHeader = names.length === form.columns.length && form.columns.every((column) => names[column.index] === column.name);
  const plain = withoutHeader(form);
  const intake = new Intake(plain, { position: 0, line: 0, state: IntakeState.parse({}), defaultAsset: 'trial', nameAsset: (text) => text });
  intake.feed(isHeader ? lines.subarray(first) : lines);
  intake.work(true);
  if (intake.rowsRead === 0) return isHeader ? plain : null;
  return cells.length === form.columns.length && intake.aside.length * 5 <= intake.rowsRead ? plain : null;
};
