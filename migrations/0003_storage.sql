-- What is asked of a plant that lasts for years: that nothing goes unseen, and that what is old takes less room.

-- Documents of the plant's own upkeep: retention, what applying it did, the last look for damage.
CREATE TABLE upkeep (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

-- How many chunks and readings are sealed for each sensor: an index that lost some of them to a damaged page would else be read as if they had never been.
CREATE TABLE sealed (
  sensor INTEGER PRIMARY KEY REFERENCES sensor(id),
  chunks INTEGER NOT NULL,
  readings INTEGER NOT NULL
) STRICT;
INSERT INTO sealed (sensor, chunks, readings) SELECT sensor, count(*), sum(count) FROM chunk GROUP BY sensor;
CREATE TRIGGER chunk_added AFTER INSERT ON chunk BEGIN
  INSERT INTO sealed (sensor, chunks, readings) VALUES (new.sensor, 1, new.count)
    ON CONFLICT (sensor) DO UPDATE SET chunks = chunks + 1, readings = readings + excluded.readings;
END;
CREATE TRIGGER chunk_removed AFTER DELETE ON chunk BEGIN
  UPDATE sealed SET chunks = chunks - 1, readings = readings - old.count WHERE sensor = old.sensor;
END;

-- The same for the batches of the tail.
CREATE TABLE tailed (
  asset INTEGER PRIMARY KEY REFERENCES asset(id),
  batches INTEGER NOT NULL
) STRICT;
INSERT INTO tailed (asset, batches) SELECT asset, count(*) FROM tail GROUP BY asset;
CREATE TRIGGER tail_added AFTER INSERT ON tail BEGIN
  INSERT INTO tailed (asset, batches) VALUES (new.asset, 1) ON CONFLICT (asset) DO UPDATE SET batches = batches + 1;
END;
CREATE TRIGGER tail_removed AFTER DELETE ON tail BEGIN
  UPDATE tailed SET batches = batches - 1 WHERE asset = old.asset;
END;

-- Chunks whose rows stand for a step each: the chunk's readings are means, and these are what the means came from (store/FORMAT.md).
CREATE TABLE thinned (
  chunk INTEGER PRIMARY KEY REFERENCES chunk(id) ON DELETE CASCADE,
  step REAL NOT NULL, -- axis units
  low BLOB NOT NULL,
  high BLOB NOT NULL,
  weight BLOB NOT NULL -- readings that each mean was made of
) STRICT;
