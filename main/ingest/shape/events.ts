import type { Column } from '../../contract/data.ts';
import { type ColumnFacts, isAssetNamed, isCounter } from './roles.ts';
import type { TimePlan } from './timecolumns.ts';
import { toUnit } from './units.ts';

type Role = Column['role'];

const named = (column: ColumnFacts, pattern: RegExp): boolean => pattern.test(column.name) || pattern.test(column.header.trim());

const startName = /^(?:act(?:ual)? ?_?start|sched(?:uled)? ?_?start|start|begin|beginn|begin(?:n)? ?_?(?:date|time|datum)|start ?_?(?:time|date|datum)|malfunct(?:ion)?\.? ?start|störungsbeginn|schadensbeginn|occurred(?: ?_?at)?|failure ?_?(?:date|time)|date ?_?time|datetime|timestamp|date|datum|time|zeit|von|from|début|date ?début|fecha(?: ?inicio)?|inicio|开始(?:时间|日期)?|发生(?:时间|日期)|故障(?:时间|日期)|报修(?:时间|日期)|時刻|日時|発生日時?|開始日時?)$/i;

const eventNames: readonly (readonly [pattern: RegExp, role: 'kind' | 'mode' | 'end' | 'known'])[] = [
  [/^(?:kind|event ?_?(?:kind|type|class)|category|art|ereignisart|auftragsart|meldungsart|order ?_?type|work ?_?type|class|klasse|meldeklasse|maintenance ?_?type|activity ?_?type|notification ?_?type|kategorie|catégorie|type d'intervention|类型|事件类型|维修类型|工单类型|種別|作業区分)$/i, 'kind'],
  [/^(?:end|end ?_?(?:time|date)|until|to|stop|finish(?:ed)?(?: ?_?(?:at|date|time))?|completed?(?: ?_?(?:at|on|date))?|malfunct(?:ion)?\.? ?end|act(?:ual)? ?_?finish|ende|enddatum|bis|störungsende|fertig(?:gestellt)?|fin|date ?fin|fecha ?fin|结束(?:时间|日期)?|完成(?:时间|日期)?|修复(?:时间|日期)?|終了(?:時刻|日時?)?|完了日時?)$/i, 'end'],
  [/^(?:known(?: ?_?at)?|report ?_?date|reported(?: ?_?(?:at|on))?|detected(?: ?_?at)?|recorded(?: ?_?at)?|created(?: ?_?(?:at|on))?|notif(?:ication)? ?_?date|gemeldet(?: ?am)?|meldedatum|angelegt am|erfasst am|发现时间|上报时间|報告日時?)$/i, 'known'],
  [/^(?:mode|failure(?: ?_?(?:mode|type|code))?|error(?: ?_?(?:id|code|type))?|fault(?: ?_?(?:id|code|type))?|alarm(?: ?_?(?:id|code))?|comp(?:onent)?|code|event|maintenance|action|type|damage(?: ?_?code)?|cause ?_?code|störung|fehler(?:code)?|ausfall(?:art)?|schaden(?:s?(?:bild|code|art))?|ursachencode|défaut|mode de défaillance|故障(?:模式|代码|类型|现象)?|報警|报警|故障モード)$/i, 'mode'],
];

const durationName = /^(?:duration|down ?_?time|dauer|ausfallzeit|stillstand(?:s?zeit|s?dauer)?|durée(?: d'arrêt)?|duración|停机时间|停机时长|时长|持续时间|停止時間)/i;
const orderName = /^(?:wo ?_?num|ticket ?_?id|nummer|number|alarm|melde|msg|auftrag|order|work ?_?order|wo|notification|meldung|ticket|incident|job|report|bon de travail|ot|工单|工单号|报修单|维修单|作業番号|伝票)(?:s?[ _-]?(?:no|nr|id|num|number|nummer|#|号)\.?)?$/i;
const describes = /(?:kurztext|langtext|description|beschreibung|text|remarks?|comments?|cause|ursache|symptom|work done|action|désignation|libellé|descripción|描述|内容|原因|处理|备注|現象|処置|備考|massnahme|maßnahme)/i;
/** Numbers of an order that are no readings. */
const countsOfOrders = /(?:cost|kosten|coût|hours|stunden|heures|qty|quantity|menge|prio|severity|count|anzahl|preis|price|amount|费用|工时|金额|费|工数|費用)/i;
const places = /^(?:asset ?_?num(?:ber)?|location|technischer platz|techn?\.? ?platz|functional ?loc(?:ation)?\.?|funct?\.? ?loc\.?|equipment(?: ?_?(?:no|nr|id|number|nummer))?\.?|emplacement|ubicación)$/i;

/** What an event table's column holds, by its name. */
const eventRole = (column: ColumnFacts): 'kind' | 'mode' | 'end' | 'known' | null => eventNames.find(([pattern]) => named(column, pattern))?.[1] ?? null;

const isTimed = (column: ColumnFacts): boolean => column.kind === 'datetime' || column.kind === 'date';

const isPlace = (column: ColumnFacts): boolean => isAssetNamed(column) || (named(column, places) && column.filled.length > 0);

/** A count of hours or minutes that the machine stood. */
export const isDuration = (column: ColumnFacts): boolean => named(column, durationName) && column.numeric > 0.5;

/** The unit of a column of durations: the header's, else hours. */
export const durationUnit = (column: ColumnFacts): string => {
  const unit = toUnit(column.unit).unit;
  return unit !== null && ['s', 'min', 'h', 'd'].includes(unit) ? unit : /min|分/i.test(column.header) ? 'min' : 'h';
};

/** Numbers that nothing about orders explains: readings. */
const isReading = (column: ColumnFacts): boolean => column.kind === 'number' && !isPlace(column) && !isCounter(column) && eventRole(column) === null && !isDuration(column) && !named(column, orderName) && !named(column, countsOfOrders);

/** How many signs of a list of orders or failures the columns show. */
const signsOf = (columns: readonly ColumnFacts[]): number =>
  [
    columns.some((column) => named(column, orderName)),
    columns.some((column) => column.numeric < 0.5 && !isTimed(column) && named(column, describes)),
    columns.some((column) => eventRole(column) === 'end' && isTimed(column)) || columns.some(isDuration),
    columns.some((column) => eventRole(column) === 'known' && isTimed(column)),
    columns.some((column) => eventRole(column) === 'kind' || eventRole(column) === 'mode'),
    columns.some(isPlace),
  ].filter(Boolean).length;

const roleOf = (column: ColumnFacts, isModeTold: boolean): [Role, string] => {
  const role = eventRole(column);
  if (role === 'end' || role === 'known') return isTimed(column) ? [role, `an event's ${role === 'known' ? 'moment of becoming known' : 'end'}, by its name`] : ['text', 'a remark'];
  if (isDuration(column)) return ['end', `how long the event lasted, in ${durationUnit(column)}`];
  if (role !== null) return [role, `an event's ${role}, by its name`];
  if (isPlace(column)) return ['asset', 'each cell names the machine of its row'];
  if (named(column, orderName) || isCounter(column)) return ['counter', 'the number of the order'];
  if (!isModeTold && column.numeric < 0.5 && named(column, describes)) return ['mode', 'what happened, in words'];
  return ['text', 'a remark'];
};

/**
 * A table of events: orders of a maintenance system, failures, alarms. Told by a column of kinds or codes without any readings beside it, or by three
 * signs of a list of orders, or because somebody says so (`isForced`). Gives its columns their roles; false where it is none.
 */
export const eventLayout = (plan: TimePlan, columns: readonly ColumnFacts[], isForced: boolean): boolean => {
  const isTold = columns.some((column) => column.numeric < 0.5 && !isTimed(column) && ['mode', 'kind'].includes(eventRole(column) ?? ''));
  if (plan.axis === 'cycle') return false;
  if (!isForced && columns.some((column) => plan.roles.get(column.index)?.role !== 'time' && isReading(column))) return false;
  if (!isForced && !isTold && signsOf(columns) < 3) return false;
  const times = columns.filter(isTimed);
  const start = times.find((column) => named(column, startName)) ?? times.find((column) => eventRole(column) === null) ?? times[0];
  const isApart = [...plan.roles.values()].some(({ role }) => role === 'clock');
  const isModeTold = columns.some((column) => eventRole(column) === 'mode' && column.numeric < 0.5);
  const given = new Set<Role>();
  for (const column of columns) {
    const known = plan.roles.get(column.index)?.role;
    if (isApart && (known === 'date' || known === 'clock')) continue;
    if (!start && known === 'time') continue;
    const [role, why] = column === start ? (['time', 'the start of the event'] as const) : roleOf(column, isModeTold);
    const isTaken = role !== 'text' && role !== 'counter' && given.has(role);
    given.add(role);
    plan.roles.set(column.index, isTaken ? { role: 'text', why: 'a remark' } : { role, why });
  }
  return true;
};
