-- An object that is packed or not UTF-8 is prepared before it is planned. object_* stays what
-- arrived; these columns say what is read in its place. infra/adr/0013.

ALTER TABLE import
    ADD COLUMN prepared_key       text,   -- set before anything is stored under it
    ADD COLUMN prepared_upload_id text,   -- of its parts, until they are joined
    ADD COLUMN prepared_from      bigint, -- bytes of the object that are in parts with a receipt
    ADD COLUMN prepared_version   text,
    ADD COLUMN prepared_size      bigint,
    ADD COLUMN prepared_packing   text CHECK (prepared_packing IN ('none', 'gzip', 'zip', 'zstd')),
    ADD COLUMN prepared_encoding  text CHECK (prepared_encoding IN (
        'utf-8', 'utf-16le', 'utf-16be', 'windows-1252')),
    ADD COLUMN prepared_swept_at  timestamptz,
    ADD CONSTRAINT import_is_prepared_at_once CHECK (
        num_nulls(prepared_version, prepared_size, prepared_packing, prepared_encoding) IN (0, 4)
        AND (prepared_version IS NULL OR prepared_key IS NOT NULL));

-- The receipts: part n of the upload of this run holds the text up to this byte of it.
CREATE TABLE import_part (
    import_id bigint  NOT NULL,
    run       integer NOT NULL,
    number    integer NOT NULL,
    text_end  bigint  NOT NULL,
    etag      text    NOT NULL,
    PRIMARY KEY (import_id, run, number)
);

-- What reconcile looks through each minute.
CREATE INDEX import_prepared_unswept ON import (finished_at)
    WHERE prepared_key IS NOT NULL AND prepared_swept_at IS NULL;
