import type { FailureMode } from '../contract/labels.ts';

/**
 * A table. Failure modes after ISO 14224:2016, annex B (tables B.6 to B.14): those of rotating machinery (pumps, compressors, turbines, motors,
 * generators, fans) and those that any equipment can have. Names in short; the standard's own text is not copied.
 */
const table: readonly (readonly [code: string, en: string, zh: string])[] = [
  ['BRD', 'Breakdown', '损坏停机'],
  ['VIB', 'Vibration', '振动过大'],
  ['NOI', 'Noise', '噪声异常'],
  ['OHE', 'Overheating', '过热'],
  ['STD', 'Structural deficiency (crack, wear, corrosion)', '结构缺陷（裂纹、磨损、腐蚀）'],
  ['PDE', 'Parameter deviation', '参数偏离'],
  ['ERO', 'Erratic output', '输出不稳'],
  ['HIO', 'High output', '输出过高'],
  ['LOO', 'Low output', '输出过低'],
  ['VLO', 'Very low output', '输出极低'],
  ['NOO', 'No output', '无输出'],
  ['ELP', 'External leakage: process medium', '外漏：工艺介质'],
  ['ELU', 'External leakage: utility medium (oil, coolant)', '外漏：辅助介质（油、冷却液）'],
  ['ELF', 'External leakage: fuel', '外漏：燃料'],
  ['INL', 'Internal leakage', '内漏'],
  ['LCP', 'Leakage in closed position', '关闭时泄漏'],
  ['PLU', 'Plugged or choked', '堵塞'],
  ['SBU', 'Sludge build-up', '淤积结垢'],
  ['IHT', 'Insufficient heat transfer', '换热不足'],
  ['LBP', 'Low oil supply pressure', '供油压力低'],
  ['FTS', 'Failure to start on demand', '不能启动'],
  ['STP', 'Failure to stop on demand', '不能停机'],
  ['UST', 'Spurious stop', '误停机'],
  ['SPO', 'Spurious operation', '误动作'],
  ['OWD', 'Operation without demand', '无指令动作'],
  ['FTF', 'Failure to function on demand', '要求时不动作'],
  ['FTI', 'Failure to function as intended', '不能按预期工作'],
  ['FTO', 'Failure to open on demand', '不能打开'],
  ['FTC', 'Failure to close on demand', '不能关闭'],
  ['FTR', 'Failure to regulate', '不能调节'],
  ['DOP', 'Delayed operation', '动作迟缓'],
  ['STU', 'Stuck', '卡死'],
  ['SLP', 'Slippage', '打滑'],
  ['LOA', 'Load drop', '负载坠落'],
  ['PTF', 'Power or signal transmission failure', '动力或信号传输故障'],
  ['AIR', 'Abnormal instrument reading', '仪表读数异常'],
  ['SER', 'Minor in-service problem', '运行中的小问题'],
  ['OTH', 'Other', '其他'],
  ['UNK', 'Unknown', '未知'],
];

/** The list that a plant begins with. */
export const shippedModes: readonly FailureMode[] = table.map(([code, en, zh]) => ({ code, en, zh, origin: 'iso-14224', isInUse: true }));

const pairsOf = (text: string): Map<string, number> => {
  const letters = text.toLowerCase().normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const pairs = new Map<string, number>();
  for (let i = 0; i + 1 < letters.length; i += 1) pairs.set(letters.slice(i, i + 2), (pairs.get(letters.slice(i, i + 2)) ?? 0) + 1);
  return pairs;
};

/** Share of letter pairs in common (Dice 1945), 0 to 1. */
const likeness = (a: Map<string, number>, b: Map<string, number>): number => {
  let [common, all] = [0, 0];
  for (const [pair, count] of a) common += Math.min(count, b.get(pair) ?? 0);
  for (const counts of [a, b]) for (const count of counts.values()) all += count;
  return all === 0 ? 0 : (2 * common) / all;
};

const LEAST_LIKENESS = 0.5;

/** The mode in use whose code or name comes nearest to a word, with how near (0 to 1); null where none is near. */
export const nearestMode = (word: string, modes: readonly FailureMode[]): { mode: FailureMode; likeness: number } | null => {
  const wanted = pairsOf(word);
  let best: { mode: FailureMode; likeness: number } | null = null;
  for (const mode of modes) {
    if (!mode.isInUse) continue;
    const names = [mode.en, mode.zh, ...mode.en.split(/[,(:]| or /), ...mode.zh.split(/[（：、]/u)];
    const near = mode.code.toLowerCase() === word.trim().toLowerCase() ? 1 : Math.max(...names.map((name) => likeness(wanted, pairsOf(name))));
    if (near >= LEAST_LIKENESS && near > (best?.likeness ?? 0)) best = { mode, likeness: near };
  }
  return best;
};
