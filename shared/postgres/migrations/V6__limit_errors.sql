-- How many records may be rejected before an import fails: as asked, or, of a percentage, once the
-- file's records are counted.
ALTER TABLE import
    ADD COLUMN max_errors         bigint   CHECK (max_errors >= 0),
    ADD COLUMN max_errors_percent smallint CHECK (max_errors_percent BETWEEN 0 AND 100);
