import type * as english from '../en/data.ts';

export const data: typeof english.data = {
  tabs: '数据',
  sources: '数据源',
  import: '导入',
  profiles: '配置',
  quality: '质量',
  cleaning: '清洗',
  labels: '标签',
  quarantine: '隔离区',
};
