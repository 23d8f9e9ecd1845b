import type * as english from '../en/data.ts';

export const data: typeof english.data = {
  tabs: '数据',
  sources: '数据源',
  import: '导入',
  profiles: '配置',
  quality: '质量',
  quarantine: '隔离区',
};

export const quality: typeof english.quality = {
  search: '搜索传感器',
  machine: '设备',
  allMachines: '所有设备',
  none: '还没有传感器。',
  noneMatch: '没有符合的传感器。',
  sensor: '传感器',
  score: '评分',
  reasons: '原因',
  count: '读数',
  missing: '缺失',
  gaps: '中断',
  flat: '停滞',
  spikes: '尖峰',
  outOfRange: '超限',
  good: '良好',
  fair: '一般',
  poor: '较差',
  more: '再显示 {count} 个',
  unit: '单位',
};

export const qualityReason: typeof english.qualityReason = {
  none: '没有读数',
  missing: '读数缺失',
  gaps: '有中断',
  flat: '有时停在同一个值',
  spikes: '有尖峰',
  outOfRange: '超出限值',
};
