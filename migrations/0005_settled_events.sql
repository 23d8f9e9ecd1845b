-- Events that people removed or changed: what a file says of them when it is read again is passed over.
CREATE TABLE settled_event (
  asset INTEGER NOT NULL REFERENCES asset(id),
  kind TEXT NOT NULL,
  mode TEXT NOT NULL,
  start REAL NOT NULL,
  PRIMARY KEY (asset, kind, mode, start)
) STRICT, WITHOUT ROWID;
