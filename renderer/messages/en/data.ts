export const data = {
  tabs: 'Data',
  sources: 'Sources',
  import: 'Import',
  profiles: 'Profiles',
  quality: 'Quality',
  cleaning: 'Cleaning',
  labels: 'Labels',
  quarantine: 'Quarantine',
};
