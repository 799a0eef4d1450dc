-- A file may only be validated: imported to the end, judged and taken back. An import that was not
-- completed may be retried: its original, which is kept for a while, is copied.

ALTER TABLE import
    ADD COLUMN validate_only     boolean NOT NULL DEFAULT false,
    ADD COLUMN retry_of          integer, -- number of the same owner and dataset
    ADD COLUMN retried_by        integer,
    ADD COLUMN source_key        text,    -- the object that is copied for a retry
    ADD COLUMN source_version    text,
    ADD COLUMN copy_begun_at     timestamptz,
    ADD COLUMN object_expired_at timestamptz, -- its original and its rejects file are removed
    DROP CONSTRAINT import_state_check,
    ADD CONSTRAINT import_state_check CHECK (state IN (
        'awaiting_upload', 'planning', 'importing', 'paused', 'finishing', 'completed', 'held',
        'rolling_back', 'failed', 'validating', 'validated', 'cancelling', 'cancelled', 'deleting',
        'deleted', 'rollback_failed')),
    DROP CONSTRAINT import_goal_check,
    ADD CONSTRAINT import_goal_check CHECK (goal IN ('cancelled', 'validated', 'failed', 'deleted')),
    -- Code from before this, which may still run for a while in a deploy, knows nothing of it: it
    -- cannot complete what is only to be validated.
    ADD CONSTRAINT import_only_validated CHECK (NOT (validate_only AND state = 'completed'));

-- One that is only validated keeps the place until its rows are gone.
DROP INDEX import_one_active_baseline;
CREATE UNIQUE INDEX import_one_active_baseline ON import (owner)
    WHERE dataset = 'baseline'
      AND (state IN ('awaiting_upload', 'planning', 'importing', 'paused', 'finishing')
           OR goal = 'validated'
              AND state IN ('rolling_back', 'validating', 'cancelling', 'deleting', 'rollback_failed'));

DROP INDEX import_unfinished;
CREATE INDEX import_unfinished ON import (id)
    WHERE state NOT IN ('completed', 'failed', 'validated', 'cancelled', 'deleted', 'held');

-- What reconcile looks through each minute.
CREATE INDEX import_object_expires ON import (finished_at)
    WHERE state IN ('failed', 'validated', 'cancelled') AND object_expired_at IS NULL;
