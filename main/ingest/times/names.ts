/** Months by their first letters in English, German, French, Spanish, Italian and Dutch. */
const months: Record<string, number> = {
  jan: 1, january: 1, januar: 1, jän: 1, jänner: 1, janv: 1, janvier: 1, ene: 1, enero: 1, gen: 1, gennaio: 1, januari: 1,
  feb: 2, february: 2, februar: 2, fév: 2, févr: 2, février: 2, fev: 2, fevr: 2, fevrier: 2, febrero: 2, febbraio: 2, februari: 2,
  mar: 3, march: 3, mär: 3, märz: 3, mrz: 3, maerz: 3, mars: 3, marzo: 3, maart: 3, mrt: 3,
  apr: 4, april: 4, avr: 4, avril: 4, abr: 4, abril: 4, aprile: 4,
  may: 5, mai: 5, mayo: 5, mag: 5, maggio: 5, mei: 5,
  jun: 6, june: 6, juni: 6, juin: 6, junio: 6, giu: 6, giugno: 6,
  jul: 7, july: 7, juli: 7, juil: 7, juillet: 7, julio: 7, lug: 7, luglio: 7,
  aug: 8, august: 8, aoû: 8, août: 8, aou: 8, aout: 8, ago: 8, agosto: 8, augustus: 8,
  sep: 9, sept: 9, september: 9, septembre: 9, septiembre: 9, set: 9, settembre: 9,
  oct: 10, october: 10, okt: 10, oktober: 10, octobre: 10, octubre: 10, ott: 10, ottobre: 10,
  nov: 11, november: 11, novembre: 11, noviembre: 11,
  一月: 1, 二月: 2, 三月: 3, 四月: 4, 五月: 5, 六月: 6, 七月: 7, 八月: 8, 九月: 9, 十月: 10, 十一月: 11, 十二月: 12,
  dec: 12, december: 12, dez: 12, dezember: 12, déc: 12, décembre: 12, decembre: 12, dic: 12, diciembre: 12, dicembre: 12,
};

export const monthOf = (word: string): number => months[word] ?? 0;

const weekdays = new Set([
  'mon', 'monday', 'tue', 'tues', 'tuesday', 'wed', 'wednesday', 'thu', 'thur', 'thurs', 'thursday', 'fri', 'friday', 'sat', 'saturday', 'sun', 'sunday',
  'mo', 'montag', 'di', 'dienstag', 'mi', 'mittwoch', 'do', 'donnerstag', 'fr', 'freitag', 'sa', 'samstag', 'sonnabend', 'so', 'sonntag',
  'lun', 'lundi', 'mardi', 'mer', 'mercredi', 'jeu', 'jeudi', 'ven', 'vendredi', 'sam', 'samedi', 'dim', 'dimanche',
  '星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日', '星期天', '周一', '周二', '周三', '周四', '周五', '周六', '周日', '月', '火', '水', '木', '金', '土', '日',
]);

export const isWeekday = (word: string): boolean => weekdays.has(word);

/** Minutes east of UTC of the zone names that loggers write. */
const zones: Record<string, number> = {
  utc: 0, gmt: 0, z: 0, wet: 0, west: 60, bst: 60, cet: 60, cest: 120, met: 60, mest: 120, mez: 60, mesz: 120, eet: 120, eest: 180, oez: 120, oesz: 180, msk: 180,
  est: -300, edt: -240, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420, akst: -540, akdt: -480, hst: -600, brt: -180, art: -180,
  jst: 540, kst: 540, hkt: 480, sgt: 480, awst: 480, aest: 600, aedt: 660, acst: 570, acdt: 630, nzst: 720, nzdt: 780,
};

/** Offset of a zone's abbreviation in minutes; null when unknown, or where it depends on the country (CST, IST: see `ambiguousZone`). */
export const zoneOffset = (word: string): number | null => zones[word] ?? null;

/** Names used by several countries; the site's own zone tells which is meant. */
export const ambiguousZone = (word: string, site: string): number | null => {
  if (word === 'cst') return site.startsWith('Asia/') ? 480 : -360;
  if (word === 'ist') return site.startsWith('Asia/Kol') || site.startsWith('Asia/Cal') ? 330 : site === 'Europe/Dublin' ? 60 : site.startsWith('Asia/') ? 120 : 330;
  return null;
};

/** 'am', 'pm' or null. 上午, 午前, 오전: before noon; 下午, 午後, 오후: after. */
export const halfOfDay = (word: string): 'am' | 'pm' | null => {
  if (word === 'am' || word === 'a' || word === '上午' || word === '午前' || word === '凌晨' || word === '早上' || word === '오전') return 'am';
  if (word === 'pm' || word === 'p' || word === '下午' || word === '午後' || word === '晚上' || word === '오후') return 'pm';
  return null;
};
