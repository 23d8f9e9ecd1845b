export const data = {
  tabs: 'Data',
  sources: 'Sources',
  import: 'Import',
  profiles: 'Profiles',
  quality: 'Quality',
  quarantine: 'Quarantine',
};

export const quality = {
  search: 'Search sensors',
  machine: 'Machine',
  allMachines: 'All machines',
  none: 'No sensors yet.',
  noneMatch: 'No sensor matches.',
  sensor: 'Sensor',
  score: 'Score',
  reasons: 'Why',
  count: 'Readings',
  missing: 'Missing',
  gaps: 'Gaps',
  flat: 'Flat',
  spikes: 'Spikes',
  outOfRange: 'Out of range',
  good: 'Good',
  fair: 'Fair',
  poor: 'Poor',
  more: 'Show {count} more',
  unit: 'Unit',
};

/** What takes points from a sensor's score. */
export const qualityReason = {
  none: 'no readings',
  missing: 'readings missing',
  gaps: 'gaps',
  flat: 'stuck at one value at times',
  spikes: 'spikes',
  outOfRange: 'outside of its limits',
};
