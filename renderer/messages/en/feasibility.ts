export const feasible = {
  type: 'Machine type',
  typeOf: '{type}: {machines, plural, one {# machine} other {# machines}}, {failures, plural, =0 {no failure} one {# failure} other {# failures}} with readings',
  none: 'There are no machines yet. Import sensor logs first.',
  looking: 'Looking at the readings: whether any sensor moves before failures …',
  labelsOnly: 'The labels are counted; the readings are still looked at.',
  proposal: 'Proposed now',
  nothing: 'Nothing can be learned yet',
  meanwhile: 'Meanwhile: {task}',
  within: '{task}, {horizon} ahead',
  train: 'Train this',
  trainTask: 'Train: {task}',
  tasks: 'What could be forecast, and what is missing',
  criterion: 'Looked at',
  found: 'Found',
  needed: 'Needed',
  helps: 'What helps',
  horizons: 'How far ahead',
  lives: 'Lives of these machines',
  ended: 'How they ended',
  livesOf: '{failed, plural, =0 {none ended} one {# ended} other {# ended}} in a failure, {censored} cut short by maintenance, {goingOn} going on',
  medianLife: 'Median life to failure',
  step: 'One row of the model',
  moves: 'Moves before failures',
  movesNone: 'no sensor is seen to',
  movesOf: '{sensor}, from {span} before',
  movesSome: '{sensor}',
  rate: 'Failures a machine-year',
  downtime: 'Downtime of each failure',
  downtimeYear: 'Downtime a year, all machines',
  downtimeUnknown: 'not recorded: enter the ends of repairs',
  modes: 'Kinds of failure',
  mode: 'Failure mode',
  told: 'Entered',
  usable: 'With readings before',
  modesNone: 'No failure has been entered for these machines.',
  machines: 'Machine by machine',
  machine: 'Machine',
  failures: 'Failures',
  censored: 'Cut short',
  history: 'History',
  interval: 'A reading each',
  sensors: 'Sensors',
  quality: 'Quality',
  canBe: 'Can be forecast',
  why: 'Why not more',
  sensorTable: 'Sensors that all of them have',
  sensor: 'Sensor',
  coverage: 'Measured',
  movement: 'Before failures',
  movementWhy: 'How far the readings before failures lie from those earlier in the same lives: 0 no difference, 1 always higher, −1 always lower.',
  chance: 'By chance',
  chanceWhy: 'How likely so much movement would be by chance, with as many sensors looked at (p-value of a permutation test).',
  higher: 'higher',
  lower: 'lower',
  same: 'no difference',
  leftOutSensors: 'Sensors left out',
  leftOutLabels: 'Failures left out',
  enterEvents: 'Enter failures',
  addReadings: 'Import readings',
};

export const feasibleVerdict = { ready: 'Ready', preliminary: 'Can be tried', impossible: 'Not yet' };

export const verdictWhy = {
  ready: 'Everything that it needs is there.',
  preliminary: 'It can be learned; its forecasts are to be taken with care.',
  impossible: 'Something that it can’t be learned without is missing.',
};

export const criterionVerdict = { met: 'Enough', doubtful: 'Little', unmet: 'Missing' };

/** What a feasibility analysis looks at. */
export const criterion = {
  readings: 'Machines with readings',
  failures: 'Failures with readings before them',
  'failures-of-mode': 'Failures of {mode}',
  modes: 'Failure modes with {failures} failures or more',
  history: 'Failures with a whole window ({rows} rows) before',
  sensors: 'Sensors that all machines have',
  quality: 'Quality of the readings',
  sampling: 'Readings while a failure shows',
  movement: 'A sensor that moves before failures',
  horizon: 'Readings within the horizon',
  'healthy-running': 'Rows of healthy running',
  'not-built': 'Learned by this version',
};

export const criterionHelps = {
  readings: 'Import the logs of these machines.',
  failures: 'Enter past failures too, with their times: work orders, shift books, alarm lists.',
  'failures-of-mode': 'Enter more failures of this mode, or put like modes together.',
  modes: 'Name the mode of each failure, and enter more of them.',
  history: 'Import the readings of the weeks before each failure.',
  sensors: 'Give like sensors like names on all machines, with the same unit.',
  quality: 'See Data, Quality: what is wrong with which sensor.',
  sampling: 'Log more often: too few readings lie in the time in which a failure shows.',
  movement: 'Nothing measured here announces these failures, or too few were seen: another sensor (vibration, current, oil) may.',
  horizon: 'Choose a longer horizon, or log more often.',
  'healthy-running': 'Import a longer history of normal running.',
  'not-built': 'A later version learns it.',
};

export const foundIn = {
  machines: '{count, plural, =0 {none} one {# machine} other {# machines}}',
  failures: '{count, plural, =0 {none} one {# failure} other {# failures}}',
  modes: '{count, plural, =0 {none} one {# mode} other {# modes}}',
  modesOf: '{count, plural, =0 {none} one {# mode} other {# modes}}, {dependable} with enough to rely on',
  lives: '{count, plural, =0 {none} one {# life} other {# lives}}',
  sensors: '{count, plural, =0 {none} one {# sensor} other {# sensors}}',
  readings: '{count, plural, =0 {none} one {# reading} other {# readings}}',
  rows: '{count, plural, =0 {none} one {# row} other {# rows}}',
  score: '{count} of 100',
  chance: 'by chance: {p}',
  tooFew: 'too few lives to tell ({lives})',
  needs: '{needed}',
  needsToTry: '{needed} ({least} to try)',
  below: 'below {p}',
  lacks: '{what}: {found}, {needed} needed',
};

export const horizonCode = {
  possible: 'possible',
  'too-short': 'too short: fewer than two readings lie within it',
  'too-long': 'too long: more than half of a life',
  'too-few-failures': 'too few failures',
};

export const machineCode = {
  ok: 'its forecasts come from the model of its type',
  'no-readings': 'it has no readings',
  'sensors-missing': 'it lacks {sensors}, which most machines of its type have: they can’t be learned from',
  'poor-quality': 'its readings are poor: forecasts will often be refused',
  'type-impossible': 'nothing can be learned for its type yet',
};

/** Failures that training can't use, by the engine's codes. */
export const leftOutCode = {
  'no-readings': 'its machine has no readings',
  'before-readings': 'nothing was read before it',
  'in-downtime': 'the machine was down already',
  'behind-end': 'another failure ends the record before it',
  'too-few-rows': 'the life before it is shorter than a window needs',
};

/** Why a sensor is not learned from, by the words of the stored models. */
export const leftOutSensor = {
  missing: 'missing on {machine}',
  otherUnit: 'in another unit on {machine}',
  empty: 'empty',
  constant: 'constant',
  'follows-neither-the-label-nor-another-sensor': 'follows neither the failures nor another sensor',
};
