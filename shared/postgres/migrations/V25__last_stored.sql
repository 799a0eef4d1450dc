-- When a chunk of an import, or a part of an export, got its receipt for the last time. The fence that
-- counts it writes it: no statement more, and no index, so it stays a HOT update. It is not read from
-- the receipts: a list would read all of those of its imports, and a rollback deletes them.
ALTER TABLE import ADD COLUMN last_stored_at timestamptz;
ALTER TABLE export ADD COLUMN last_stored_at timestamptz;

-- Those on their way have it from their receipts, found by the indexes of reconcile. What has ended
-- before this has none, nor has an export: its receipts have no time.
UPDATE import SET last_stored_at = (SELECT max(done_at) FROM import_chunk WHERE import_id = import.id)
WHERE chunks_done > 0 AND id IN (
    SELECT id FROM import
    WHERE state NOT IN ('completed', 'failed', 'validated', 'cancelled', 'deleted', 'held')
    UNION ALL SELECT id FROM import WHERE state = 'held');
