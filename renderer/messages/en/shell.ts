/** The window around the screens, and words that several screens use. */
export const common = {
  loading: 'Loading…',
  stale: 'Not up to date: waiting for the engine.',
  staleBecause: 'Not up to date: {reason}',
  again: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  dismiss: 'Dismiss',
  clearFilters: 'Clear filters',
  yes: 'Yes',
  no: 'No',
};

export const shell = {
  opening: 'Opening the plant …',
  openingLong: 'This takes longer than usual. Its disk may be slow, or another program (a backup tool, a virus scanner, a database viewer) may hold its database. What keeps it will be told here.',
  skip: 'Skip to content',
  screens: 'Screens',
  demo: 'Demo plant',
  help: 'Keyboard shortcuts',
  openAlarms: '{count, plural, =0 {No open alarms} one {# open alarm} other {# open alarms}}',
  unacknowledged: '{count, plural, one {# unacknowledged alarm} other {# unacknowledged alarms}}',
  trainingNow: 'A model is being trained',
};

export const screen = {
  plant: 'Plant',
  machine: 'Machine',
  alerts: 'Alerts',
  training: 'Training',
  data: 'Data',
  settings: 'Settings',
};

export const help = {
  title: 'Keyboard shortcuts',
  everywhere: 'Everywhere',
  lists: 'In lists',
  charts: 'On a chart',
  go: 'Go to {screen}',
  search: 'Search this screen',
  help: 'Show this sheet',
  escape: 'Close a dialog, empty the search',
  move: 'Previous, next row',
  ends: 'First, last row',
  open: 'Open the row',
  pan: 'Earlier, later',
  zoom: 'Zoom in, out',
  reset: 'Back to the usual range',
  mark: 'Mark a span (or drag with Shift)',
  markEnd: 'Set its start, then its end',
};

export const process = {
  title: 'Processes',
  engine: 'Engine',
  trainer: 'Trainer',
  scorer: 'Scorer',
  simulator: 'Demo plant',
  lastEnd: 'Last ended: {reason}',
  engineLost: 'The engine has stopped; it is being started again. What you see may be out of date.',
  engineBack: 'The engine runs again. Nothing that was stored is lost.',
  engineDown: 'The engine is being started again.',
  trainerDown: 'The trainer is being started again.',
  scorerDown: 'The scorer has stopped and is being started again. Forecasts wait for it.',
  simulatorDown: 'The demo plant’s simulation has stopped and is being started again.',
  engineRestarted: 'The engine had ended and was started again. {reason}',
  trainerRestarted: 'The trainer had ended and was started again. {reason}',
  scorerRestarted: 'The scorer had ended and was started again. {reason}',
  simulatorRestarted: 'The demo plant’s simulation had ended and was started again. {reason}',
};

export const processState = {
  starting: 'starting',
  running: 'running',
  ended: 'not running',
  restarting: 'starting again',
};

export const jobs = {
  title: 'Work under way',
  none: 'No work under way',
  more: '{count, plural, one {and # more} other {and # more}}',
  andMore: '{first} and {count, plural, one {# more file} other {# more files}}',
  cancel: 'Cancel',
  cancelOne: 'Cancel: {title}',
  done: 'Done: {title}',
  cut: '{title} was cut off when its process ended. It can be started again.',
  import: 'Import {subject}',
  train: 'Training: {subject}',
  evaluate: 'Evaluation: {subject}',
  backup: 'Backup {subject}',
  demo: 'Demo plant',
  compaction: 'Tidying the store',
  export: 'Export',
  retention: 'Thinning old readings',
  check: 'Checking the store',
  restore: 'Restoring a backup',
  rebuild: 'Rebuilding the store',
  'install-cuda': 'Installing the CUDA build for the graphics card',
  bytes: '{done}',
  rows: '{done} rows',
  epochs: 'epoch {done}',
  assets: '{done} machines',
  steps: 'step {done}',
};

/** Stages of jobs: the engine's own keys. */
export const stage = {
  waiting: 'waiting',
  simulating: 'simulating the plant’s history',
  reading: 'reading',
  storing: 'storing',
  assessing: 'learning what healthy looks like',
  'training-rul': 'training for remaining life',
  'training-failure': 'training for failures',
  freezing: 'freezing the data',
  searching: 'trying configurations',
  training: 'training',
  evaluating: 'evaluating',
  copying: 'copying',
  queued: 'waiting',
  inspecting: 'looking at the file',
  writing: 'writing',
  written: 'finishing the file',
  thinning: 'thinning',
  'giving-back': 'giving room back to the disk',
  checking: 'checking',
  replacing: 'putting it in place',
  fetching: 'fetching',
  unpacking: 'unpacking',
};

export const unit = {
  second: '{count, plural, one {# s} other {# s}}',
  minute: '{count, plural, one {# min} other {# min}}',
  hour: '{count, plural, one {# hour} other {# hours}}',
  day: '{count, plural, one {# day} other {# days}}',
  justNow: 'just now',
  ago: '{span} ago',
  ahead: 'in {span}',
  cycles: '{count, plural, one {# cycle} other {# cycles}}',
  minutes: '{count, plural, one {# minute} other {# minutes}}',
  hours: '{count, plural, one {# hour} other {# hours}}',
  days: '{count, plural, one {# day} other {# days}}',
  weeks: '{count, plural, one {# week} other {# weeks}}',
  cycle: 'cycle {cycle, number}',
  between: '{low} to {high}',
};

export const unitName = { cycles: 'cycles', hours: 'hours', days: 'days' };
