import type * as english from '../en/feasibility.ts';

export const feasible: typeof english.feasible = {
  type: '设备类型',
  typeOf: '{type}：{machines, plural, other {# 台设备}}，{failures, plural, =0 {没有故障} other {# 次有读数的故障}}',
  none: '还没有设备。请先导入传感器日志。',
  looking: '正在查看读数：是否有传感器在故障前发生变化…',
  labelsOnly: '标签已统计，读数仍在查看。',
  proposal: '目前建议',
  nothing: '目前还不能学习任何任务',
  meanwhile: '在此期间：{task}',
  within: '{task}，提前 {horizon}',
  train: '开始训练',
  trainTask: '训练：{task}',
  tasks: '可以预测什么，还缺什么',
  criterion: '考察项',
  found: '现有',
  needed: '需要',
  helps: '如何改进',
  horizons: '提前多久',
  lives: '这些设备的寿命',
  ended: '如何结束',
  livesOf: '{failed, plural, =0 {没有} other {# 段}}以故障结束，{censored} 段因维护而中断，{goingOn} 段仍在继续',
  medianLife: '到故障的寿命中位数',
  step: '模型的一行',
  moves: '故障前的变化',
  movesNone: '未见传感器变化',
  movesOf: '{sensor}，提前 {span} 起',
  movesSome: '{sensor}',
  rate: '每台设备每年故障次数',
  downtime: '每次故障的停机时间',
  downtimeYear: '全部设备每年停机时间',
  downtimeUnknown: '没有记录：请录入维修结束时间',
  modes: '故障种类',
  mode: '故障模式',
  told: '已录入',
  usable: '之前有读数',
  modesNone: '这些设备还没有录入故障。',
  machines: '逐台设备',
  machine: '设备',
  failures: '故障',
  censored: '中断',
  history: '历史',
  interval: '读数间隔',
  sensors: '传感器',
  quality: '质量',
  canBe: '可以预测',
  why: '为何不能更多',
  sensorTable: '所有设备共有的传感器',
  sensor: '传感器',
  coverage: '有读数',
  movement: '故障前',
  movementWhy: '故障前的读数与同一寿命中较早读数的差距：0 没有差别，1 总是更高，−1 总是更低。',
  chance: '偶然的可能',
  chanceWhy: '在考察同样多传感器时，偶然出现这么大变化的可能性（置换检验的 p 值）。',
  higher: '更高',
  lower: '更低',
  same: '没有差别',
  leftOutSensors: '未使用的传感器',
  leftOutLabels: '未使用的故障',
  enterEvents: '录入故障',
  addReadings: '导入读数',
};

export const feasibleVerdict: typeof english.feasibleVerdict = { ready: '具备条件', preliminary: '可以尝试', impossible: '尚不可行' };

export const verdictWhy: typeof english.verdictWhy = {
  ready: '所需的一切都已具备。',
  preliminary: '可以学习；其预测需谨慎对待。',
  impossible: '缺少学习所必需的内容。',
};

export const criterionVerdict: typeof english.criterionVerdict = { met: '足够', doubtful: '偏少', unmet: '缺少' };

export const criterion: typeof english.criterion = {
  readings: '有读数的设备',
  failures: '之前有读数的故障',
  'failures-of-mode': '{mode} 的故障',
  modes: '至少有 {failures} 次故障的故障模式',
  history: '之前有完整窗口（{rows} 行）的故障',
  sensors: '所有设备共有的传感器',
  quality: '读数的质量',
  sampling: '故障显现期间的读数',
  movement: '故障前发生变化的传感器',
  horizon: '期限内的读数',
  'healthy-running': '健康运行的行数',
  'not-built': '本版本能够学习',
};

export const criterionHelps: typeof english.criterionHelps = {
  readings: '请导入这些设备的日志。',
  failures: '请补录过去的故障及其时间：工单、交接班记录、报警清单。',
  'failures-of-mode': '请录入更多此模式的故障，或合并相近的模式。',
  modes: '请为每次故障注明模式，并录入更多故障。',
  history: '请导入每次故障之前数周的读数。',
  sensors: '请让所有设备上相同的传感器使用相同的名称和单位。',
  quality: '见“数据”中的“质量”：哪个传感器有什么问题。',
  sampling: '请提高记录频率：故障显现的时间内读数太少。',
  movement: '这里测量的量没有预示这些故障，或见到的太少：换一种传感器（振动、电流、油液）也许可以。',
  horizon: '请选择更长的期限，或提高记录频率。',
  'healthy-running': '请导入更长的正常运行历史。',
  'not-built': '后续版本会学习它。',
};

export const foundIn: typeof english.foundIn = {
  machines: '{count, plural, =0 {没有} other {# 台设备}}',
  failures: '{count, plural, =0 {没有} other {# 次故障}}',
  modes: '{count, plural, =0 {没有} other {# 种模式}}',
  modesOf: '{count, plural, =0 {没有} other {# 种模式}}，其中 {dependable} 种足以依赖',
  lives: '{count, plural, =0 {没有} other {# 段寿命}}',
  sensors: '{count, plural, =0 {没有} other {# 个传感器}}',
  readings: '{count, plural, =0 {没有} other {# 个读数}}',
  rows: '{count, plural, =0 {没有} other {# 行}}',
  score: '{count} / 100',
  chance: '偶然可能：{p}',
  tooFew: '寿命太少，无法判断（{lives}）',
  needs: '{needed}',
  needsToTry: '{needed}（尝试需 {least}）',
  below: '低于 {p}',
  lacks: '{what}：{found}，需要 {needed}',
};

export const horizonCode: typeof english.horizonCode = {
  possible: '可行',
  'too-short': '太短：期限内不足两个读数',
  'too-long': '太长：超过寿命的一半',
  'too-few-failures': '故障太少',
};

export const machineCode: typeof english.machineCode = {
  ok: '其预测来自该类型的模型',
  'no-readings': '没有读数',
  'sensors-missing': '缺少同类设备大多具有的 {sensors}：因此无法从中学习',
  'poor-quality': '读数质量差：预测常会被拒绝',
  'type-impossible': '该类型目前还不能学习',
};

export const leftOutCode: typeof english.leftOutCode = {
  'no-readings': '其设备没有读数',
  'before-readings': '之前没有读数',
  'in-downtime': '设备当时已停机',
  'behind-end': '另一次故障先结束了记录',
  'too-few-rows': '之前的寿命短于窗口所需',
};

export const leftOutSensor: typeof english.leftOutSensor = {
  missing: '{machine} 上缺少',
  otherUnit: '{machine} 上单位不同',
  empty: '没有值',
  constant: '恒定不变',
  'follows-neither-the-label-nor-another-sensor': '既不随故障变化，也不随其他传感器变化',
};
