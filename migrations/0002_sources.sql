-- Sources over sockets and HTTP, what is told of every source, and the forms of files kept once for all files of a kind.

-- How files are read: a document that many files share. Apart from source_file, whose rows change with every commit.
CREATE TABLE form (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE, -- SHA-256 of the document
  document TEXT NOT NULL -- JSON
) STRICT;
INSERT INTO form (digest, document) SELECT 'of file ' || min(id), mapping FROM source_file GROUP BY mapping;
ALTER TABLE source_file ADD COLUMN form INTEGER REFERENCES form(id);
UPDATE source_file SET form = (SELECT form.id FROM form WHERE form.document = source_file.mapping);
ALTER TABLE source_file DROP COLUMN mapping;

-- A socket or an HTTP address whose lines are kept in the plant's own folder until they are stored (JSON); NULL: followed where it lies.
ALTER TABLE source ADD COLUMN link TEXT;
-- What following was asked with beside zone and asset (JSON).
ALTER TABLE source ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
-- Why it is in its state (JSON: code and details).
ALTER TABLE source ADD COLUMN reason TEXT;
-- What came later than newer rows, what was there already, what took another value's place.
ALTER TABLE source ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
-- Of files that were stored whole and are gone since: their bytes and the rows set aside.
ALTER TABLE source ADD COLUMN spent_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN spent_quarantined INTEGER NOT NULL DEFAULT 0;
-- What its reader remembers from one file to the next (JSON).
ALTER TABLE source ADD COLUMN memory TEXT;
-- A file that is spent leaves its rows set aside behind.
CREATE INDEX quarantine_source_file ON quarantine (source_file);
