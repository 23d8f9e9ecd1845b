import type * as english from '../en/quarantine.ts';

export const quarantineReason: typeof english.quarantineReason = {
  'time-unreadable': '时间无法读取',
  'time-implausible': '时间不合理',
  'time-nonexistent-dst-gap': '时间不存在（时钟调整）',
  'none-readable': '整行无法读取',
  'row-too-short': '字段太少',
  'row-too-long': '字段太多',
  'row-cut': '行被截断',
  'row-without-values': '没有数值',
  'row-without-tag': '缺少标签',
  'row-without-asset': '缺少设备',
  'value-unreadable': '数字无法读取',
  'quote-unclosed': '引号没有闭合',
  'line-not-a-record': '不是数据行',
  'line-too-long': '行过长，不像数据行',
};

export const quarantine: typeof english.quarantine = {
  none: '没有被搁置的行。无法读取的行会按原文保存在这里。',
  noneMatch: '没有符合的行。',
  total: '{total, plural, other {共搁置 # 行}}',
  shown: '显示 {shown} / {total}',
  file: '文件',
  line: '行号',
  reason: '原因',
  original: '原文',
  when: '搁置时间',
  allFiles: '所有文件',
  allReasons: '所有原因',
  older: '显示更早的行',
  search: '在显示的行中搜索',
  why: '无法读取的行按原文保留，不会悄悄丢失任何内容。',
  bytesWhy: '\\xNN：不是字符的字节',
};
