import type * as english from '../en/alerts.ts';

export const alarmState: typeof english.alarmState = {
  normal: '正常',
  unacknowledged: '未确认',
  acknowledged: '已确认',
  returned: '已恢复，未确认',
  shelved: '已搁置',
  'suppressed-by-design': '设计抑制',
  'out-of-service': '停用',
};

export const priority: typeof english.priority = { low: '低', medium: '中', high: '高' };

export const alarmMessage: typeof english.alarmMessage = {
  healthLow: '健康度 {value} 低于限值 {limit}',
  failureNear: '预测 {value}后故障，已进入 {limit}的限值',
  failureLikely: '故障概率 {value} 高于限值 {limit}',
};

export const alarmCause: typeof english.alarmCause = {
  condition: '条件成立',
  cleared: '条件解除',
  acknowledge: '确认',
  shelve: '搁置',
  unshelve: '取消搁置',
  'shelve-expired': '搁置到期',
  're-alarm': '再次报警',
};

export const alerts: typeof english.alerts = {
  tabs: '报警',
  open: '未关闭',
  shelved: '已搁置',
  history: '历史',
  search: '搜索报警',
  state: '状态',
  priority: '优先级',
  allPriorities: '所有优先级',
  machine: '设备',
  raised: '发生时间',
  times: '{count, plural, other {# 次}}',
  noneOpen: '没有未关闭的报警。一切都在限值之内。',
  noneShelved: '没有搁置的报警。',
  noneInHistory: '还没有报警。',
  noneMatch: '没有符合筛选条件的报警。',
  pick: '选择一条报警以查看其经过。',
  acknowledge: '确认',
  acknowledgeWhat: '确认 {machine} 的报警',
  acknowledgeMeans: '确认表示已看到，不表示已解决：条件解除之前报警不会关闭。',
  comment: '备注',
  commentHint: '看到了什么，决定了什么；会保留在历史中。',
  acknowledged: '{machine} 的报警已确认。',
  shelve: '搁置',
  shelveWhat: '搁置 {machine} 的报警',
  shelveMeans: '搁置的报警在到期前保持静默，但仍被评估、记录和计数。',
  shelveFor: '搁置多久',
  reason: '原因',
  reasonMissing: '请说明原因：接班的人会问。',
  until: '至 {time}',
  shelvedDone: '{machine} 的报警已搁置。',
  unshelve: '取消搁置',
  unshelvedDone: '{machine} 的报警已取消搁置。',
  course: '经过',
  details: '报警',
  model: '模型',
  raisedOn: '触发报警的读数时间',
  count: '发生次数',
  limit: '限值',
  value: '数值',
  toMachine: '打开 {machine}',
};
