import type * as english from '../en/shell.ts';

export const common: typeof english.common = {
  loading: '正在加载…',
  stale: '不是最新状态：正在等待引擎。',
  staleBecause: '不是最新状态：{reason}',
  again: '重试',
  close: '关闭',
  cancel: '取消',
  done: '完成',
  dismiss: '知道了',
  clearFilters: '清除筛选',
  yes: '是',
  no: '否',
};

export const shell: typeof english.shell = {
  opening: '正在打开工厂…',
  openingLong: '所需时间比平常长：磁盘可能较慢，或有其他程序（备份工具、杀毒软件、数据库查看器）正占用其数据库。原因查明后会显示在此处。',
  skip: '跳到内容',
  screens: '页面',
  demo: '演示工厂',
  help: '键盘快捷键',
  openAlarms: '{count, plural, =0 {没有未关闭的报警} other {# 条未关闭的报警}}',
  unacknowledged: '{count, plural, other {# 条未确认的报警}}',
  trainingNow: '正在训练模型',
};

export const screen: typeof english.screen = {
  plant: '工厂',
  machine: '设备',
  alerts: '报警',
  training: '训练',
  data: '数据',
  settings: '设置',
};

export const help: typeof english.help = {
  title: '键盘快捷键',
  everywhere: '任何页面',
  lists: '列表中',
  charts: '图表上',
  go: '转到{screen}',
  search: '在本页搜索',
  help: '显示本表',
  escape: '关闭对话框，清空搜索',
  move: '上一行，下一行',
  ends: '首行，末行',
  open: '打开该行',
  pan: '向前，向后',
  zoom: '放大，缩小',
  reset: '回到常用范围',
  mark: '标记时段（或按住 Shift 拖动）',
  markEnd: '确定起点，再确定终点',
};

export const process: typeof english.process = {
  title: '进程',
  engine: '引擎',
  trainer: '训练进程',
  scorer: '评分进程',
  simulator: '演示工厂',
  lastEnd: '上次结束：{reason}',
  engineLost: '引擎已停止，正在重新启动。您看到的内容可能不是最新的。',
  engineBack: '引擎已恢复运行。已保存的内容没有丢失。',
  engineDown: '引擎正在重新启动。',
  trainerDown: '训练进程正在重新启动。',
  scorerDown: '评分进程已停止，正在重新启动。预测需要等待它。',
  simulatorDown: '演示工厂的仿真已停止，正在重新启动。',
  engineRestarted: '引擎曾意外结束，已重新启动。{reason}',
  trainerRestarted: '训练进程曾意外结束，已重新启动。{reason}',
  scorerRestarted: '评分进程曾意外结束，已重新启动。{reason}',
  simulatorRestarted: '演示工厂的仿真曾意外结束，已重新启动。{reason}',
};

export const processState: typeof english.processState = {
  starting: '正在启动',
  running: '运行中',
  ended: '未运行',
  restarting: '正在重启',
};

export const jobs: typeof english.jobs = {
  title: '进行中的任务',
  none: '没有进行中的任务',
  more: '{count, plural, other {另有 # 项}}',
  andMore: '{first} 等，另有 {count, plural, other {# 个文件}}',
  cancel: '取消',
  cancelOne: '取消：{title}',
  done: '完成：{title}',
  cut: '{title}因进程结束而中断，可以重新开始。',
  import: '导入 {subject}',
  train: '训练 {subject}',
  evaluate: '评估 {subject}',
  backup: '备份 {subject}',
  demo: '演示工厂',
  compaction: '整理数据存储',
  export: '导出',
  retention: '精简旧读数',
  check: '检查数据存储',
  restore: '恢复备份',
  rebuild: '重建数据存储',
  'install-cuda': '正在为显卡安装 CUDA 版本',
  bytes: '{done}',
  rows: '{done} 行',
  epochs: '第 {done} 轮',
  assets: '{done} 台设备',
  steps: '第 {done} 步',
};

export const stage: typeof english.stage = {
  waiting: '等待中',
  simulating: '正在仿真工厂的历史',
  reading: '正在读取',
  storing: '正在保存',
  assessing: '正在学习健康状态',
  'training-rul': '正在训练剩余寿命模型',
  'training-failure': '正在训练故障模型',
  freezing: '正在冻结数据',
  searching: '正在尝试配置',
  training: '正在训练',
  evaluating: '正在评估',
  copying: '正在复制',
  queued: '等待中',
  inspecting: '正在查看文件',
  writing: '写入中',
  written: '完成文件',
  thinning: '正在稀化',
  'giving-back': '正在归还磁盘空间',
  checking: '检查中',
  replacing: '正在替换',
  fetching: '下载中',
  unpacking: '解包中',
};

export const unit: typeof english.unit = {
  second: '{count, plural, other {# 秒}}',
  minute: '{count, plural, other {# 分钟}}',
  hour: '{count, plural, other {# 小时}}',
  day: '{count, plural, other {# 天}}',
  justNow: '刚刚',
  ago: '{span}前',
  ahead: '{span}后',
  cycles: '{count, plural, other {# 个循环}}',
  minutes: '{count, plural, other {# 分钟}}',
  hours: '{count, plural, other {# 小时}}',
  days: '{count, plural, other {# 天}}',
  weeks: '{count, plural, other {# 周}}',
  cycle: '第 {cycle, number} 循环',
  between: '{low} 至 {high}',
};

export const unitName: typeof english.unitName = { cycles: '循环', hours: '小时', days: '天' };
