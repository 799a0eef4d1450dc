-- What is out of all imports is counted before more is handed out.
CREATE INDEX import_chunk_out ON import_chunk (queued_at) WHERE done_at IS NULL AND queued_at IS NOT NULL;

-- One pass of reconcile at a time.
CREATE TABLE reconcile_lease (
    stack boolean     PRIMARY KEY DEFAULT true CHECK (stack),
    pass  uuid,                                     -- the one that is under way, or was last
    until timestamptz NOT NULL DEFAULT '-infinity', -- unless it says that it goes on
    asked boolean     NOT NULL DEFAULT false        -- another one is wanted after it
);
INSERT INTO reconcile_lease DEFAULT VALUES;
