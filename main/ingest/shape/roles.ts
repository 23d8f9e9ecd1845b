import { parseNumber } from '../reading/numbers.ts';
import { isNoValue, isStatePair, looksLikeQuality, stateInColumn, stateValue } from '../reading/words.ts';
import type { CellKind } from './header.ts';
import { isUnit, splitCell } from './units.ts';

/** What the sample's data records hold in one column. */
export interface ColumnFacts {
  index: number;
  name: string;
  /** The header as written. */
  header: string;
  unit: string | null;
  kind: CellKind;
  /** All cells of the sample, in order. */
  cells: string[];
  /** Those that aren't empty or a word for 'no value'. */
  filled: string[];
  distinct: number;
  /** Share of the filled cells that are numbers, and, with a unit behind the number, that unit. */
  numeric: number;
  suffix: string | null;
  isInteger: boolean;
  /** The file's decimal mark. */
  decimal: '.' | ',';
}

const mostFrequent = (texts: readonly string[]): string | null => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  let best: string | null = null;
  for (const [text, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = text;
  return best;
};

/** Gathers the facts of one column. */
export const factsOf = (index: number, name: string, header: string, unit: string | null, kind: CellKind, cells: string[], decimal: '.' | ','): ColumnFacts => {
  const filled = cells.filter((cell) => !isNoValue(cell));
  let numbers = 0;
  let integers = 0;
  const units: string[] = [];
  for (const cell of filled) {
    const value = parseNumber(cell, decimal);
    if (!Number.isNaN(value)) {
      numbers++;
      if (Number.isInteger(value)) integers++;
    } else {
      const split = splitCell(cell);
      if (split && !Number.isNaN(parseNumber(split.number, decimal))) units.push(split.unit);
    }
  }
  const suffix = units.length > filled.length * 0.5 ? mostFrequent(units) : null;
  return { index, name, header, unit, kind, cells, filled, distinct: new Set(filled).size, numeric: filled.length === 0 ? 0 : (numbers + units.length) / filled.length, suffix, isInteger: filled.length > 0 && integers === filled.length, decimal };
};

const named = (column: ColumnFacts, pattern: RegExp): boolean => [column.name, column.header.trim(), column.name.replace(/^[_#]+/, '')].some((text) => pattern.test(text));

const tagName = /^(?:tag ?_?(?:name|id)?|node ?_?id|var ?_?name|sensor ?_?(?:name|id|tag)?|variable(?: ?_?name)?|parameter(?: ?_?name)?|param|channel(?: ?_?name)?|point(?: ?_?(?:name|id))?|item(?: ?_?(?:name|id))?|signal(?: ?_?name)?|measurement|metric|series|name|attribute|quantity|kanal(?:name)?|messstelle|messgröße|messgroesse|messpunkt|signalname|variablenname|grandeur|mesure|voie|测点(?:名|名称|编号)?|点名|标签|位号|变量(?:名)?|信号(?:名)?|タグ(?:名)?|信号名|entity_id|field|_field)$/i;
export const valueName = /^(?:var ?_?value|value|values|val|wert|messwert|reading|readings|measurement ?_?value|measured ?_?value|pv|data|valeur|valor|valore|值|数值|测量值|値|測定値|state|_value|numeric_value|value_?(?:num|double|float))$/i;
const assetName = /^(?:machine(?: ?_?(?:id|name|no|nr))?|asset(?: ?_?(?:id|name))?|equipment(?: ?_?(?:id|name))?|device(?: ?_?(?:id|name))?|engine(?: ?_?(?:id|no))?|unit(?: ?_?(?:id|number|no|nr|nr\.))|unit|turbine(?: ?_?(?:id|name))?|pump(?: ?_?(?:id|name))?|motor(?: ?_?(?:id|name))?|station(?: ?_?(?:id|name))?|plant ?_?unit|object(?: ?_?(?:id|name))?|transmitter|logger(?: ?_?id)?|node(?: ?_?id)?|sensor ?_?id|meter(?: ?_?id)?|maschine(?:n ?_?(?:nr\.?|nummer|id|name))?|anlage(?:n ?_?(?:nr|id|name))?|gerät|geraet|aggregat|equipo|máquina|appareil|设备(?:编号|名称|号|id)?|机器(?:编号|名称|号)?|机组(?:编号|名称|号)?|机台(?:号|编号)?|装置|設備(?:名|番号)?|機械(?:名|番号)?)$/i;
const unitName = /^(?:unit|units|uom|einheit|unité|unidad|eu|eng(?:ineering)? ?_?units?|单位|単位|unit ?of ?measure(?:ment)?)$/i;
const qualityName = /(?:^|[ _.-])(?:status ?_?code|quality|qual|qualität|qualitaet|status|stat|flag|flags|valid|validity|q|qc|opcquality|质量|品质|状态|品質|qualité)$/i;
const counterName = /^(?:#|recn(?:br|um)|numeric ?_?id|number|lfd|no\.?|nr\.?|n°|id|idx|index|row(?: ?_?(?:id|no|number))?|record(?: ?_?(?:no|id|number))?|rn|rec(?:ord)?num(?:ber)?|seq(?:uence)?(?: ?_?(?:no|nr|number))?|sequencenumber|line(?: ?_?no)?|sample(?: ?_?(?:no|nr|number|index))?|lfd\.? ?nr\.?|zeile|log ?_?index|序号|编号|行号|番号)$/i;
/** A first column that nothing names counts only where each record is one further. */
const isUnnamed = /^(?:unnamed: 0|column 1)$/i;
const identifierName = /(?:^|[ _-])(?:batch|charge|lot|order|auftrag|serial|seriennummer|s\/n|article|artikel|recipe|rezept|operator|part ?no|barcode|rfid|uuid|guid|批号|批次|工单|ロット)(?:$|[ _-]|no|nr|id)/i;
const labelName = /^(?:anomaly|changepoint|anomaly_label|is_anomaly|label)$/i;
const cycleName = /^(?:cycles?|cycle ?_?(?:no|nr|number|index|id)?|time,? in cycles|time ?_?(?:in ?_?)?cycles|zyklus|zyklen|flight(?: ?_?cycles?)?|循环|周期数)$/i;

export const isTag = (column: ColumnFacts): boolean => named(column, tagName);
export const isValueName = (column: ColumnFacts): boolean => named(column, valueName);
export const isUnitName = (column: ColumnFacts): boolean => named(column, unitName) && (column.filled.length === 0 || column.filled.filter(isUnit).length >= column.filled.length * 0.5);
export const isCycle = (column: ColumnFacts): boolean => named(column, cycleName) && column.isInteger;
export const isLabel = (column: ColumnFacts): boolean => named(column, labelName) && column.filled.every((cell) => /^[01](?:[.,]0*)?$|^(?:true|false)$/i.test(cell));

/** Named as a column of machines is, with texts or whole numbers in it; no machine is called Running. */
export const isAssetNamed = (column: ColumnFacts): boolean => named(column, assetName) && column.filled.length > 0 && (column.numeric < 0.5 || column.isInteger) && !isUnitName(column) && !column.filled.some((cell) => !Number.isNaN(stateInColumn(cell)));

/** A column of machines: named so, and where they are numbers, each of them often. */
export const isAsset = (column: ColumnFacts, rows: number): boolean => isAssetNamed(column) && (column.numeric < 0.5 || column.distinct <= Math.max(1, rows / 2));

const validName = /^(?:valid(?:ity)?|is ?_?valid|gültig(?:keit)?|有效(?:性)?)$/i;

/** Good and Bad, 1 under the name of validity, or OPC's codes; numbers alone only where the name says quality and a code of 100 or more occurs. */
export const isQuality = (column: ColumnFacts): boolean => {
  if (column.filled.length === 0 && column.cells.every((cell) => cell === '')) return named(column, /quality|qualität/i);
  const cells = column.cells.filter((cell) => cell !== '');
  if (cells.length > 0 && named(column, validName) && cells.every((cell) => cell === '0' || cell === '1' || cell === '2')) return true;
  if (!looksLikeQuality(cells)) return false;
  const numeric = cells.every((cell) => /^\d+$/.test(cell));
  return numeric ? named(column, qualityName) && cells.some((cell) => Number(cell) >= 100) : named(column, qualityName) || cells.some((cell) => /^(?:good|gut|好|良好)$/i.test(cell));
};

/** Whole numbers that count the records. */
export const isCounter = (column: ColumnFacts): boolean => {
  if (!column.isInteger || column.filled.length < 2) return false;
  if (named(column, isUnnamed)) return column.filled.every((cell, i) => i === 0 || Number(cell) - Number(column.filled[i - 1]) === 1);
  if (!named(column, counterName)) return false;
  if (named(column, /id$/i) && column.distinct === 1) return true;
  let forward = 0;
  for (let i = 1; i < column.filled.length; i++) {
    const step = Number(column.filled[i]) - Number(column.filled[i - 1]);
    if (step >= 0 && step <= 1000) forward++;
  }
  return forward >= (column.filled.length - 1) * 0.8;
};

/** Batches and serial numbers: '12E34' is no number there. */
export const isIdentifier = (column: ColumnFacts): boolean => named(column, identifierName) || (column.filled.length > 1 && column.filled.every((cell) => /^\d+[eE]\d+$/.test(cell)));

/** ON/OFF, TRUE/FALSE, 开/关 in every filled cell, perhaps 1 and 0 in some. */
export const isState = (column: ColumnFacts): boolean => column.filled.some((cell) => !Number.isNaN(stateValue(cell))) && column.filled.every((cell) => cell === '0' || cell === '1' || !Number.isNaN(stateValue(cell)));

const modeName = /(?:^|[ _.-])(?:state|status|mode|phase|zustand|betriebsart|betriebszustand|modus|schritt|step|régime|état|etat|estado|stato)(?:$|[ _.\-\d])|状态|模式|工况|运转|状態|運転/i;

/** As many different words may a column of operating modes have, and each must last as many rows on average. */
const mostModes = 24;
const leastRun = 4;

const runsOf = (filled: readonly string[]): number => filled.reduce((runs, cell, i) => runs + Number(i === 0 || cell !== filled[i - 1]), 0);

/** Two words that tell a machine's states, Running and Stopped or 入 and 切, whatever the column is called; words that change with each row would be an event a row. */
const isPairOfStates = ({ filled, distinct }: ColumnFacts): boolean => distinct <= 4 && isStatePair(new Set(filled.map((cell) => cell.toLowerCase()))) && filled.length >= runsOf(filled) * 1.4;

/** A few short words under the name of a state, each of them for a while: Running, Idle, Fault 12. */
export const isMode = (column: ColumnFacts): boolean => {
  const { filled } = column;
  if (isPairOfStates(column)) return true;
  if (!named(column, modeName) || column.numeric > 0 || column.distinct > mostModes || filled.length < leastRun * 2 || filled.some((cell) => cell.length > 40)) return false;
  return filled.length >= runsOf(filled) * leastRun;
};

/** Named as a column of remarks is. */
export const isRemark = (column: ColumnFacts): boolean => named(column, /^(?:comments?|remarks?|notes?|kommentar(?:e)?|bemerkung(?:en)?|notiz|message|meldung|text|commentaires?|备注|说明|コメント)$/i);

/** Mostly numbers, perhaps with a unit in the cell; a column that is empty so far may become one. */
export const isMeasured = (column: ColumnFacts): boolean => column.filled.length === 0 || column.numeric >= 0.6 || isLate(column);

/** A word or two for as long as there was no value yet (Init), then numbers of all sizes. */
const isLate = (column: ColumnFacts): boolean => {
  const count = Math.round(column.numeric * column.filled.length);
  if (count < 20 || column.distinct < 12) return false;
  return new Set(column.filled.filter((cell) => /^\p{L}[\p{L} _-]*$/u.test(cell))).size <= 2 && column.filled.every((cell) => /^\p{L}/u.test(cell) || /\d/.test(cell));
};
