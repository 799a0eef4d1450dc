-- How a file is read is pinned with its plan, and what a file says against it is counted with the
-- receipts: infra/adr/0012.

ALTER TABLE import
    ADD COLUMN said           jsonb  NOT NULL DEFAULT '{}', -- of its reading, with the upload
    ADD COLUMN reading        jsonb,                        -- null until the first look, and before V12
    ADD COLUMN lines_rejected bigint NOT NULL DEFAULT 0,
    ADD COLUMN lines_total    bigint,                       -- null until planned
    ADD COLUMN content_crc    bigint,                       -- of the bytes of all chunks, when judged
    ADD COLUMN content_bytes  bigint,
    -- Code from before this, which may still run for a while in a deploy, judges nothing: it
    -- cannot complete what it would have to judge.
    ADD CONSTRAINT import_is_judged
        CHECK (state <> 'completed' OR reading IS NULL OR content_bytes IS NOT NULL),
    -- Nor can it read a file by its own rules of which something else was said.
    ADD CONSTRAINT import_is_read_as_said
        CHECK (heading_end_byte IS NULL OR reading IS NOT NULL OR said = '{}');

ALTER TABLE import_chunk
    ADD COLUMN records_empty  bigint,
    ADD COLUMN lines_rejected bigint,
    ADD COLUMN witness        jsonb,
    ADD COLUMN content_crc    bigint,
    ADD COLUMN content_bytes  bigint;

-- Which completed import of an owner has the same content.
CREATE INDEX import_same_content ON import (owner, content_crc) WHERE content_crc IS NOT NULL;

-- A worker from before this knows no reading. Its chunk is refused, as one that met another
-- transaction: that counts as no attempt, and it is tried again until its successor is there.
CREATE FUNCTION refuse_receipt_without_witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT reading IS NOT NULL FROM import WHERE id = NEW.import_id) THEN
        RAISE EXCEPTION 'chunk % of import % was stored without its witness', NEW.number, NEW.import_id
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER import_chunk_witness BEFORE UPDATE OF done_at ON import_chunk FOR EACH ROW
    WHEN (NEW.done_at IS NOT NULL AND NEW.witness IS NULL)
    EXECUTE FUNCTION refuse_receipt_without_witness();
