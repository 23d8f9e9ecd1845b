-- Where a run computed, from which epoch on and why there: a list of {backend, afterEpoch, reason}.
ALTER TABLE run ADD COLUMN backends TEXT NOT NULL DEFAULT '[]';
