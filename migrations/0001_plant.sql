-- The plant. Positions (at, start, end) are microseconds since 1970 on the time axis, or cycle counts; *_at columns named
-- created_at, known_at and the like are always microseconds since 1970. No row per reading: readings live in tail and chunk.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE asset (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES asset(id),
  level TEXT NOT NULL CHECK (level IN ('site', 'area', 'line', 'machine')),
  name TEXT NOT NULL,
  machine_type TEXT NOT NULL,
  axis TEXT NOT NULL CHECK (axis IN ('time', 'cycle'))
) STRICT;
CREATE UNIQUE INDEX asset_name ON asset (ifnull(parent, 0), name);

CREATE TABLE sensor (
  id INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id),
  name TEXT NOT NULL,
  quantity TEXT,
  unit TEXT,
  unit_as_written TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('number', 'state')),
  nominal_interval REAL,
  limit_low REAL,
  limit_high REAL,
  UNIQUE (asset, name)
) STRICT;

-- One series a sensor: what is derived about its readings as a whole.
CREATE TABLE series (
  sensor INTEGER PRIMARY KEY REFERENCES sensor(id),
  points INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  first REAL,
  last REAL,
  received_at INTEGER
) STRICT;

-- Hot tail: batches as they came, in order of commit; the times once for all sensors of the batch (store/FORMAT.md).
CREATE TABLE tail (
  id INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id),
  rows INTEGER NOT NULL,
  start REAL NOT NULL,
  end REAL NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX tail_asset ON tail (asset, id);

-- Positions shared by the chunks of the sensors that were measured together.
CREATE TABLE grid (
  id INTEGER PRIMARY KEY,
  rows INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

-- Sealed chunks: immutable; a merge writes new ones and deletes the old in one transaction.
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY,
  sensor INTEGER NOT NULL REFERENCES sensor(id),
  start REAL NOT NULL,
  end REAL NOT NULL,
  rows INTEGER NOT NULL, -- positions of its grid
  count INTEGER NOT NULL, -- readings among them; the others are missing
  grid INTEGER NOT NULL REFERENCES grid(id),
  body BLOB NOT NULL
) STRICT;
-- All that is asked of a chunk before its body is read, so that finding chunks never touches a body.
CREATE UNIQUE INDEX chunk_place ON chunk (sensor, start, end, rows, count, grid);
CREATE INDEX chunk_grid ON chunk (grid);

-- Lowest and highest of every 64 rows of a chunk; from the chunk, and rebuildable. Apart from it, so that those of one sensor lie together.
CREATE TABLE rollup (
  sensor INTEGER NOT NULL,
  chunk INTEGER NOT NULL REFERENCES chunk(id) ON DELETE CASCADE,
  body BLOB NOT NULL,
  PRIMARY KEY (sensor, chunk)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_chunk ON rollup (chunk);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id),
  kind TEXT NOT NULL CHECK (kind IN ('failure', 'error', 'maintenance', 'inspection', 'mode', 'verdict')),
  mode TEXT NOT NULL,
  start REAL NOT NULL,
  end REAL,
  known_at REAL NOT NULL,
  comment TEXT
) STRICT;
CREATE UNIQUE INDEX event_once ON event (asset, kind, mode, start);

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder')),
  site TEXT,
  asset TEXT,
  state TEXT NOT NULL,
  message TEXT,
  rows_stored INTEGER NOT NULL DEFAULT 0,
  last_row_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

-- Where each file of a source has been read to; committed together with the rows up to there.
CREATE TABLE source_file (
  id INTEGER PRIMARY KEY,
  source INTEGER REFERENCES source(id), -- NULL: a one-off import
  path TEXT NOT NULL,
  -- SHA-256 of the first bytes: the same file under another name, or another file under the same name.
  identity TEXT NOT NULL,
  identity_bytes INTEGER NOT NULL,
  bytes INTEGER NOT NULL, -- size when last looked at
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  mapping TEXT NOT NULL, -- JSON
  state TEXT NOT NULL, -- JSON: what the reader must remember between two commits
  seen_at INTEGER NOT NULL,
  UNIQUE (source, identity)
) STRICT;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  source_file INTEGER REFERENCES source_file(id),
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  original BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE profile (
  name TEXT PRIMARY KEY,
  mapping TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'cut')),
  subject TEXT NOT NULL,
  stage TEXT NOT NULL,
  done REAL NOT NULL,
  total REAL,
  unit TEXT NOT NULL,
  error TEXT, -- JSON
  request TEXT NOT NULL, -- JSON
  result TEXT, -- JSON
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  job INTEGER REFERENCES job(id),
  task TEXT NOT NULL,
  machine_type TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('freezing', 'training', 'evaluating', 'done', 'failed', 'cancelled', 'cut')),
  cause TEXT NOT NULL,
  config TEXT NOT NULL, -- JSON
  backend TEXT,
  fingerprint TEXT,
  units TEXT, -- JSON
  best_epoch INTEGER,
  evaluation TEXT, -- JSON
  model TEXT,
  error TEXT, -- JSON
  started_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE epoch (
  run TEXT NOT NULL REFERENCES run(id),
  epoch INTEGER NOT NULL,
  loss REAL NOT NULL,
  val_loss REAL,
  val_metric REAL,
  learning_rate REAL NOT NULL,
  ms REAL NOT NULL,
  PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  id TEXT PRIMARY KEY,
  run TEXT REFERENCES run(id),
  task TEXT NOT NULL,
  machine_type TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('champion', 'challenger', 'archived')),
  created_at INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  backend TEXT NOT NULL,
  parameters INTEGER NOT NULL,
  evaluation TEXT NOT NULL, -- JSON
  promoted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX model_champion ON model (task, machine_type) WHERE role = 'champion';

CREATE TABLE schedule (
  id INTEGER PRIMARY KEY,
  cron TEXT NOT NULL,
  zone TEXT NOT NULL,
  task TEXT NOT NULL,
  machine_type TEXT,
  preset TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- The planned moment of the newest run: a run is due once, however often the app slept through.
  last_due INTEGER,
  last_at INTEGER,
  last_run TEXT,
  last_outcome TEXT,
  last_reason TEXT
) STRICT;

CREATE TABLE health (
  asset INTEGER NOT NULL REFERENCES asset(id),
  at REAL NOT NULL,
  value REAL,
  state TEXT NOT NULL,
  drivers TEXT NOT NULL, -- JSON
  reason TEXT,
  PRIMARY KEY (asset, at)
) STRICT, WITHOUT ROWID;

-- What an asset's readings look like when it is healthy, learned after each repair (JSON document of main/health).
CREATE TABLE health_baseline (
  asset INTEGER NOT NULL REFERENCES asset(id),
  since REAL NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (asset, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE forecast (
  id INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id),
  model TEXT REFERENCES model(id),
  made_at INTEGER NOT NULL,
  as_of REAL NOT NULL,
  document TEXT NOT NULL -- JSON
) STRICT;
CREATE INDEX forecast_asset ON forecast (asset, as_of);

CREATE TABLE alarm (
  id INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id),
  condition TEXT NOT NULL,
  active INTEGER NOT NULL,
  unacknowledged INTEGER NOT NULL,
  suppression TEXT, -- NULL, shelved, suppressed-by-design, out-of-service
  priority TEXT NOT NULL,
  value REAL NOT NULL,
  limit_value REAL NOT NULL,
  unit TEXT NOT NULL,
  model TEXT,
  raised_at INTEGER NOT NULL,
  raised_on REAL NOT NULL,
  cleared_at INTEGER,
  acknowledged_at INTEGER,
  comment TEXT,
  shelved_until INTEGER,
  shelve_reason TEXT,
  count INTEGER NOT NULL,
  closed_at INTEGER,
  message TEXT NOT NULL
) STRICT;
-- One open alarm an asset and condition.
CREATE UNIQUE INDEX alarm_open ON alarm (asset, condition) WHERE closed_at IS NULL;

CREATE TABLE alarm_transition (
  id INTEGER PRIMARY KEY,
  alarm INTEGER NOT NULL REFERENCES alarm(id),
  at INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  cause TEXT NOT NULL,
  comment TEXT
) STRICT;
CREATE INDEX alarm_transition_alarm ON alarm_transition (alarm, id);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL -- JSON
) STRICT;
