-- An import, its plan and receipts, its row errors. No foreign key points to import: it would lock
-- what the fence must update. Enumerations are text with a check: the words are the ones of the wire.

CREATE TABLE import (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid               uuid        NOT NULL UNIQUE,
    owner             uuid        NOT NULL,
    dataset           text        NOT NULL,
    number            integer     NOT NULL,
    state             text        NOT NULL DEFAULT 'awaiting_upload' CHECK (state IN (
        'awaiting_upload', 'planning', 'importing', 'paused', 'finishing', 'completed', 'held',
        'rolling_back', 'failed', 'cancelling', 'cancelled', 'deleting', 'deleted', 'rollback_failed')),
    goal              text        CHECK (goal IN ('cancelled', 'failed', 'deleted')),
    run               integer     NOT NULL DEFAULT 1,
    object_key        text        NOT NULL,
    object_version    text,
    object_size       bigint      NOT NULL,
    plan_version      smallint,
    chunk_bytes       integer,
    column_order      smallint[],
    heading_end_byte  bigint,
    heading_end_line  bigint,
    chunks_total      integer,
    chunks_done       integer     NOT NULL DEFAULT 0,
    rows_imported     bigint      NOT NULL DEFAULT 0,
    rows_rejected     bigint      NOT NULL DEFAULT 0,
    bytes_done        bigint      NOT NULL DEFAULT 0,
    task_token        text,
    idempotency_key   text,
    fingerprint       bytea,
    error             jsonb,
    warnings          jsonb       NOT NULL DEFAULT '[]',
    rows_deleted      bigint,
    rows_remaining    bigint,
    created_at        timestamptz NOT NULL DEFAULT now(),
    started_at        timestamptz,
    finished_at       timestamptz,
    progressed_at     timestamptz NOT NULL DEFAULT now(),
    upload_expires_at timestamptz NOT NULL,
    pause_expires_at  timestamptz,
    run_expires_at    timestamptz,
    UNIQUE (owner, dataset, number),
    UNIQUE (owner, idempotency_key)
) WITH (fillfactor = 50); -- one row is updated by every chunk: room for HOT updates

-- One baseline at a time: a violation is the wire's 403.
CREATE UNIQUE INDEX import_one_active_baseline ON import (owner)
    WHERE dataset = 'baseline'
      AND state IN ('awaiting_upload', 'planning', 'importing', 'paused', 'finishing');

-- What reconcile-imports looks through each minute.
CREATE INDEX import_unfinished ON import (id)
    WHERE state NOT IN ('completed', 'failed', 'cancelled', 'deleted', 'held');

-- The last number given per owner and dataset: numbers are never handed out again.
CREATE TABLE import_number (
    owner   uuid    NOT NULL,
    dataset text    NOT NULL,
    last    integer NOT NULL,
    PRIMARY KEY (owner, dataset)
);

-- The plan and the receipts: done_at says that chunk n of import x is stored.
CREATE TABLE import_chunk (
    import_id     bigint  NOT NULL,
    number        integer NOT NULL,
    byte_start    bigint  NOT NULL,
    byte_end      bigint  NOT NULL,
    first_record  bigint  NOT NULL,
    first_line    bigint  NOT NULL,
    records       bigint  NOT NULL,
    lines         bigint  NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    queued_at     timestamptz,
    done_at       timestamptz,
    rows_imported bigint,
    rows_rejected bigint,
    PRIMARY KEY (import_id, number)
) WITH (fillfactor = 70);

-- What is still to be handed out or stored: without it every hand-out would read the whole plan.
CREATE INDEX import_chunk_open ON import_chunk (import_id, number) WHERE done_at IS NULL;

-- Rejected cells, a line each; column '' speaks of the whole record.
CREATE TABLE row_error (
    import_id   bigint  NOT NULL,
    record      bigint  NOT NULL,
    ordinal     integer NOT NULL, -- counts the errors of a record from 0
    line        bigint  NOT NULL,
    column_name text    NOT NULL,
    value       text    NOT NULL,
    code        text    NOT NULL,
    message     text    NOT NULL,
    PRIMARY KEY (import_id, record, ordinal)
);
