-- Quality of readings and of labels: what people chose, and what only the moment of arrival could show.

-- What people chose for judging a sensor's readings, where they did; its limits stand in the sensor itself.
CREATE TABLE quality_threshold (
  sensor INTEGER PRIMARY KEY REFERENCES sensor(id),
  chosen TEXT NOT NULL -- JSON
) STRICT;

-- Times that came more than once: what is stored has each once, so that nobody could count them later.
CREATE TABLE repeated_time (
  sensor INTEGER PRIMARY KEY REFERENCES sensor(id),
  repeated INTEGER NOT NULL, -- readings beyond the first at one position, in one batch
  stuck INTEGER NOT NULL, -- those among them that stand in runs of three or more
  replaced INTEGER NOT NULL, -- readings that a later one with another value took the place of
  first REAL NOT NULL,
  last REAL NOT NULL
) STRICT;

-- How a machine's readings are cleaned when they are looked at or learned from; what is stored stays as it is.
CREATE TABLE cleaning (
  asset INTEGER PRIMARY KEY REFERENCES asset(id),
  recipe TEXT NOT NULL, -- JSON
  saved_at INTEGER NOT NULL
) STRICT;

-- The plant's list of failure modes, in the order of its people; empty: the list that Millwright ships.
CREATE TABLE failure_mode (
  code TEXT PRIMARY KEY,
  place INTEGER NOT NULL,
  en TEXT NOT NULL,
  zh TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('iso-14224', 'plant')),
  in_use INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
