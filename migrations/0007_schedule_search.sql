-- How long a scheduled training looks for a better configuration first, in minutes; NULL: not at all.
ALTER TABLE schedule ADD COLUMN search_minutes REAL;
