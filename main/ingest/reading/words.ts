/** Words that loggers, PLCs and historians write where they have no value. All in lower case. */
const noValueWords = new Set([
  '', '-', '--', '---', '----', '.', '..', '...', '-.-', '--.-', '?', '??', '???', '*', '**', '***', '****', 'x', 'na', 'n/a', 'n.a.', '#n/a', '#na', 'nan', '-nan', 'null', '(null)', 'nil', 'none', 'missing', 'void', 'empty', 'unknown',
  'inf', '-inf', '+inf', 'infinity', '-infinity', '#inf', '1.#inf', '-1.#inf', '1.#qnan', '1.#ind', '-1.#ind', '∞', '-∞', '#value!', '#div/0!', '#ref!', '#num!', '#name?', '#####', '######',
  'bad', 'bad input', 'bad data', 'bad quality', 'bad value', 'no data', 'nodata', 'no value', 'no result', 'no sample', 'no reading', 'not available', 'not connected', 'not connect', 'disconnected', 'unavailable', 'invalid', 'invalid data', 'invalid float',
  'i/o timeout', 'io timeout', 'timeout', 'time out', 'pt created', 'point created', 'shutdown', 'comm fail', 'comm error', 'communication error', 'configure', 'scan off', 'scan timeout', 'calc failed', 'calc off', 'arc off-line', 'arc offline', 'offline', 'off-line',
  'out of serv', 'out of service', 'failed', 'sensor error', 'sensor fault', 'sensor fail', 'error', 'err', 'err.', 'over range', 'overrange', 'under range', 'underrange', 'over-range', 'under-range', 'ovrng', 'ovr', 'ovld', 'overflow', 'underflow', 'over', 'under', 'ol', 'open circuit', 'short circuit', 'broken', 'digital state', 'burnout', 'burn out', 'no tc', 'oc', 'disconnect',
  'kein wert', 'ungültig', 'fehler', 'fehlt', 'störung', 'leer', 'erreur', 'invalide', 'absent', '无', '无效', '无数据', '坏', '坏值', '故障', '断线', '空', '异常', 'エラー', '欠測', 'なし',
]);

/** True for an empty cell, for a word that says that there is no value, and for a limit that the instrument did not reach (<0.05): no value is known there. */
export const isNoValue = (text: string): boolean => text === '' || noValueWords.has(text.toLowerCase()) || /^(?:[-+*#=?.]{2,}|-{2,}[.,:]-+|[<>≤≥]=?\s?\d+(?:[.,]\d+)?)$/.test(text);

const stateWords = new Map<string, number>([
  ['on', 1], ['off', 0], ['true', 1], ['false', 0], ['yes', 1], ['no', 0], ['.t.', 1], ['.f.', 0],
  ['ein', 1], ['aus', 0], ['an', 1], ['wahr', 1], ['falsch', 0], ['ja', 1], ['nein', 0], ['vrai', 1], ['faux', 0], ['oui', 1], ['non', 0], ['verdadero', 1], ['falso', 0],
  ['开', 1], ['关', 0], ['開', 1], ['關', 0], ['閉', 0], ['是', 1], ['否', 0], ['真', 1], ['假', 0], ['オン', 1], ['オフ', 0],
]);

/** Pairs of words that are ON and OFF in a column that somebody calls one of states; of themselves they are text, or modes where they last. */
const statePairs: readonly (readonly [on: string, off: string])[] = [
  ['running', 'stopped'], ['run', 'stop'], ['start', 'stop'], ['started', 'stopped'], ['open', 'closed'], ['open', 'close'], ['opened', 'closed'], ['active', 'inactive'], ['enabled', 'disabled'], ['high', 'low'], ['set', 'reset'], ['alarm', 'ok'], ['alarm', 'normal'], ['fault', 'ok'], ['fault', 'normal'], ['tripped', 'normal'],
  ['läuft', 'steht'], ['in betrieb', 'außer betrieb'], ['betrieb', 'stillstand'], ['auf', 'zu'], ['offen', 'geschlossen'], ['aktiv', 'inaktiv'], ['marche', 'arrêt'], ['ouvert', 'fermé'], ['ouverte', 'fermée'], ['actif', 'inactif'], ['marcha', 'paro'], ['abierto', 'cerrado'], ['acceso', 'spento'], ['aperto', 'chiuso'],
  ['运行', '停止'], ['运转', '停止'], ['启动', '停止'], ['运行', '停机'], ['打开', '关闭'], ['开启', '关闭'], ['报警', '正常'], ['運転', '停止'], ['起動', '停止'], ['入', '切'], ['開', '閉'],
];

const pairedWords = new Map(statePairs.flatMap(([on, off]) => [[on, 1] as const, [off, 0] as const]));

/** True where the words, in lower case, are the two of such a pair. */
export const isStatePair = (words: ReadonlySet<string>): boolean => words.size === 2 && statePairs.some(([on, off]) => words.has(on) && words.has(off));

/** 1 or 0 for ON/OFF, TRUE/FALSE, 开/关 and their like in any case; NaN for every other word. */
export const stateValue = (text: string): number => stateWords.get(text.toLowerCase()) ?? NaN;

/** As `stateValue`, in a column of states: there Running and Stopped, Marche and Arrêt count as well. */
export const stateInColumn = (text: string): number => stateWords.get(text.toLowerCase()) ?? pairedWords.get(text.toLowerCase()) ?? NaN;

const badQuality = /^(?:bad.*|uncertain.*|poor|invalid|uncertain|questionable|fail.*|error|err|comm.*|not .*|no .*|offline|stale|missing|b|schlecht|ungültig|mauvais|坏|差|无效|不良|leitungsbruch|drahtbruch|fühlerbruch|kabelbruch|kurzschluss|wire ?break|open circuit|short circuit|sensor (?:fault|fail\w*|break)|over ?range|under ?range|断线|故障)$/i;
const goodQuality = /^(?:good.*|ok|valid|normal|g|gut|gültig|bon|好|良好|正常|有效)$/i;

/** What a quality cell says. OPC codes: 192 and above good, below 192 (64 uncertain, 0 bad) not; 1 is valid where 0 is not. Percent and text as historians write them. */
export const qualityOf = (text: string): 'good' | 'bad' | 'other' => {
  if (goodQuality.test(text)) return 'good';
  if (badQuality.test(text)) return 'bad';
  // OPC UA's status: the two highest bits tell good, uncertain, bad.
  if (/^0x[0-9a-f]{8}$/i.test(text)) return Number(text) < 0x4000_0000 ? 'good' : 'bad';
  if (/^\d+$/.test(text)) {
    const code = Number(text);
    return code >= 192 || code === 100 || code === 1 ? 'good' : 'bad';
  }
  return 'other';
};

/** What the cells of a quality column look like, taken together. Numbers count only where they are OPC's or percent's. */
export const looksLikeQuality = (cells: readonly string[]): boolean => {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => (/^\d+$/.test(cell) ? [0, 4, 8, 16, 20, 24, 28, 64, 68, 80, 84, 88, 100, 192, 216].includes(Number(cell)) : qualityOf(cell) !== 'other'));
};
