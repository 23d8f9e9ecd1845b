export const health = {
  normal: 'Normal',
  watch: 'Watch',
  warning: 'Warning',
  critical: 'Critical',
  unknown: 'Unknown',
};

export const healthReason = {
  'baseline-learning': 'Still learning what healthy looks like on this machine.',
  stale: 'Its data are too old to tell.',
  'no-data': 'No readings yet.',
};

export const freshness = {
  none: 'no data',
  recorded: 'recorded, to {until}',
  stale: 'stale: {ago}',
};

export const plant = {
  search: 'Search machines',
  area: 'Area',
  type: 'Machine type',
  order: 'Order',
  allAreas: 'All areas',
  allTypes: 'All types',
  byState: 'Machines by state',
  shown: '{count, number} of {all, number} machines',
  machines: 'Machines',
  machine: 'Machine',
  health: 'Health',
  state: 'State',
  forecast: 'Forecast',
  data: 'Newest data',
  alarms: 'Alarms',
  alarmsOf: '{active} active, {unacknowledged} unacknowledged',
  noAlarms: 'none',
  empty: 'No machines yet. Import a log, or follow a folder that your data logger writes to.',
  noneMatch: 'No machine matches the filters.',
  importLogs: 'Import logs',
  filling: 'The demo plant is being set up.',
  fillingWhy: 'Its history is simulated and read, then a model is trained on this computer. Machines appear as soon as their data are in.',
};

export const order = {
  worst: 'Worst first',
  soonest: 'Soonest failure first',
  newest: 'Newest data first',
  name: 'By name',
};

export const forecast = {
  none: 'No forecast',
  notYet: 'none has been made yet',
  in: 'in {life}',
  due: 'due now',
  inOrMore: 'in {life} or more',
  faultOf: '{mode}, {p}',
  faultWithin: 'kind of fault, failing within {within}',
  noFault: 'No fault, {p}',
  unknownFault: 'Kind of fault unclear',
  unlikeHealthy: 'Unlike healthy running',
  likeHealthy: 'Like healthy running',
  ofLimit: '{share} of the limit',
  interval: '90% interval: {interval}',
  intervalOrMore: '90% interval: {interval} or more',
  chance: '{p} within {within}',
  within: 'probability of failure within {within}',
};

export const noForecast = {
  'no-model': 'no model for this type of machine yet',
  'too-short': 'too few readings so far',
  'sensor-missing': 'a sensor that the model needs is missing',
  'too-many-gaps': 'too many gaps in the readings',
  'unlike-training': 'the readings are unlike all that the model has learned from',
  'stale-data': 'the data are too old',
  'not-running': 'the machine is not running',
  'scorer-down': 'the scorer is not running',
};

/** What stands behind 'no forecast', with its figures. */
export const noForecastDetail = {
  tooShort: '{steps} of the {needed} rows that are needed at least',
  sensorMissing: 'nothing was measured by {sensors}',
  tooManyGaps: '{share} of the window is missing, at most {most} may be',
  unlike: '{share} of the window lies outside of what it has learned from',
  unlikeIn: '{share} of the window lies outside of what it has learned from: {sensors}',
  unlikeTogether: 'together the readings are like none that it has learned from, most of all {sensors}',
};
