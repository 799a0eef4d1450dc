-- What an export leaves behind when its writer stores something while it is removed is looked for
-- once more, as V7 has it of imports.
ALTER TABLE export ADD COLUMN swept_at timestamptz;

-- Not by progressed_at, which every part changes: those updates would be HOT no more.
CREATE INDEX export_unswept ON export (id)
    WHERE state IN ('cancelled', 'failed', 'expired', 'deleted') AND swept_at IS NULL;
