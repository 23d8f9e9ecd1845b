import type { Column, EventKind } from '../../contract/data.ts';
import { parseNumber } from '../reading/numbers.ts';
import type { TimeReader } from '../times/clock.ts';
import { elapsedKindOf, elapsedScale } from '../times/elapsed.ts';
import type { RowPlan } from './plan.ts';

/** An event of a table, its asset still a name. */
export interface EventRow {
  asset: string;
  kind: EventKind;
  mode: string;
  start: number;
  end: number | null;
  knownAt: number;
  comment: string | null;
}

const eventKinds: readonly (readonly [EventKind, RegExp])[] = [
  ['failure', /fail|ausfall|panne|故障|breakdown|defe[ck]t|schaden|averia|guasto|停机|破损|断裂|損傷|故障/i],
  ['inspection', /inspe|check|prüfung|kontroll|检查|点检|巡检|contrôle|点検/i],
  ['maintenance', /maint|repair|replac|exchang|renew|overhaul|lubric|grease|clean|wartung|service|comp|reparatur|instandsetz|instandhalt|tausch|wechsel|ersetz|schmier|reinig|entretien|rempla|répar|维修|保养|更换|检修|修理|润滑|整備|交換|保全/i],
  ['error', /err|fehler|fault|alarm|störung|报警|警报|erreur|défaut|trip/i],
  ['mode', /mode|state|betrieb|工况/i],
  ['verdict', /verdict/i],
];

/** Types of orders: corrective work follows a failure, preventive work doesn't. */
const orderTypes: readonly (readonly [EventKind, RegExp])[] = [
  ['failure', /^(?:CM|EM|BM|corrective|emergency|korrektiv)/i],
  ['maintenance', /^(?:PM|preventive|predictive|planned|vorbeugend|geplant)/i],
];

/** The kind of event that a word speaks of; null where it speaks of none. */
export const eventKindOf = (text: string): EventKind | null => eventKinds.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** By the order's own type, else by what it says was done, else by the type's code. */
const kindOf = (type: string, words: string, areTelling: boolean): EventKind | null => eventKindOf(type) ?? (areTelling ? eventKindOf(words) : null) ?? orderTypes.find(([, pattern]) => pattern.test(type))?.[0] ?? null;

/** The end of an event: a moment, or as long after its start as a column of durations says. */
const endOf = (text: string, column: Column | undefined, start: number, time: TimeReader): number | null => {
  if (text === '') return null;
  const isDuration = column?.unit !== undefined && column.unit !== null;
  const scale = isDuration ? elapsedScale[elapsedKindOf(column.unit) ?? 'elapsed-h'] : NaN;
  const at = isDuration ? start + Math.round(parseNumber(text, text.includes(',') ? ',' : '.') * scale) : time.parse(text);
  return Number.isNaN(at) || at < start ? null : at;
};

/** One record of an event table; `start` and `asset` are read already. `kind`: what rows are that name none. */
export const eventOf = (cells: readonly string[], plan: RowPlan, columns: readonly Column[], time: TimeReader, start: number, asset: string, kind: EventKind): EventRow => {
  const at = (index: number): string => (index < 0 ? '' : (cells[index] ?? ''));
  const known = at(plan.known) === '' ? NaN : time.parse(at(plan.known));
  const texts = plan.texts.map(at).filter((part) => part !== '');
  const mode = at(plan.mode) || at(plan.kind) || (texts[0] ?? '');
  const comment = texts.filter((part) => part !== mode).join('; ');
  return {
    asset,
    kind: kindOf(at(plan.kind), `${at(plan.mode)} ${plan.kind >= 0 || plan.mode < 0 ? texts.join(' ') : ''}`, plan.kind >= 0 || plan.mode < 0 || kind === 'error') ?? kind,
    mode,
    start,
    end: endOf(at(plan.end), columns.find((column) => column.index === plan.end), start, time),
    knownAt: Number.isNaN(known) ? start : known,
    comment: comment === '' ? null : comment,
  };
};
