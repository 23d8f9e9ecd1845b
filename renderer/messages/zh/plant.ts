import type * as english from '../en/plant.ts';

export const health: typeof english.health = {
  normal: '正常',
  watch: '关注',
  warning: '警告',
  critical: '严重',
  unknown: '未知',
};

export const healthReason: typeof english.healthReason = {
  'baseline-learning': '仍在学习这台设备的健康状态。',
  stale: '数据太旧，无法判断。',
  'no-data': '还没有读数。',
};

export const freshness: typeof english.freshness = {
  none: '没有数据',
  recorded: '历史记录，至{until}',
  stale: '已过时：{ago}',
};

export const plant: typeof english.plant = {
  search: '搜索设备',
  area: '区域',
  type: '设备类型',
  order: '排序',
  allAreas: '所有区域',
  allTypes: '所有类型',
  byState: '各状态的设备',
  shown: '{count, number} / {all, number} 台设备',
  machines: '设备',
  machine: '设备',
  health: '健康度',
  state: '状态',
  forecast: '预测',
  data: '最新数据',
  alarms: '报警',
  alarmsOf: '{active} 条激活，{unacknowledged} 条未确认',
  noAlarms: '无',
  empty: '还没有设备。请导入日志，或跟踪数据记录仪写入的文件夹。',
  noneMatch: '没有符合筛选条件的设备。',
  importLogs: '导入日志',
  filling: '正在建立演示工厂。',
  fillingWhy: '先仿真并读取历史，然后在本机训练模型。数据到位后设备立即出现。',
};

export const order: typeof english.order = {
  worst: '最差的在前',
  soonest: '最早故障的在前',
  newest: '数据最新的在前',
  name: '按名称',
};

export const forecast: typeof english.forecast = {
  none: '没有预测',
  notYet: '尚未做出预测',
  in: '{life}后',
  due: '随时可能',
  inOrMore: '{life}或更久之后',
  faultOf: '{mode}，{p}',
  faultWithin: '{within}内将失效的故障类别',
  noFault: '无故障，{p}',
  unknownFault: '故障类别不明',
  unlikeHealthy: '与健康运行不符',
  likeHealthy: '与健康运行相符',
  ofLimit: '限值的 {share}',
  interval: '90% 区间：{interval}',
  intervalOrMore: '90% 区间：{interval}或更久',
  chance: '{within}内 {p}',
  within: '{within}内的故障概率',
};

export const noForecast: typeof english.noForecast = {
  'no-model': '此类设备还没有模型',
  'too-short': '读数还太少',
  'sensor-missing': '缺少模型需要的传感器',
  'too-many-gaps': '读数中断太多',
  'unlike-training': '读数与模型学过的都不相似',
  'stale-data': '数据太旧',
  'not-running': '设备没有运行',
  'scorer-down': '评分进程没有运行',
};

export const noForecastDetail: typeof english.noForecastDetail = {
  tooShort: '至少需要 {needed} 行，目前有 {steps} 行',
  sensorMissing: '{sensors} 没有读数',
  tooManyGaps: '窗口中缺少 {share}，最多允许 {most}',
  unlike: '窗口的 {share} 超出其学习过的范围',
  unlikeIn: '窗口的 {share} 超出其学习过的范围：{sensors}',
  unlikeTogether: '各读数组合起来与学习过的数据都不相似，主要是：{sensors}',
};
