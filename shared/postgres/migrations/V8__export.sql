-- An export and the receipts of its parts. The words are the ones of the wire.

CREATE TABLE export (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid                uuid        NOT NULL UNIQUE,
    owner              uuid        NOT NULL,
    number             integer     NOT NULL, -- from import_number, as if exports were a dataset
    state              text        NOT NULL CHECK (state IN (
        'needs_confirmation', 'exporting', 'completed', 'cancelling', 'cancelled', 'failing',
        'failed', 'expiring', 'expired', 'deleting', 'deleted')),
    goal               text        CHECK (goal IN ('cancelled', 'failed', 'expired', 'deleted')),
    run                integer     NOT NULL DEFAULT 1,
    begun_run          integer,
    filters            jsonb       NOT NULL,
    gzip               boolean     NOT NULL,
    guard              boolean     NOT NULL,
    imports            bigint[]    NOT NULL,
    estimate_rows      bigint      NOT NULL,
    estimate_bytes     bigint      NOT NULL,
    estimate_exact     boolean     NOT NULL,
    object_key         text        NOT NULL,
    upload_id          text,
    parts_done         integer     NOT NULL DEFAULT 0,
    rows_done          bigint      NOT NULL DEFAULT 0,
    bytes_done         bigint      NOT NULL DEFAULT 0,
    idempotency_key    text,
    fingerprint        bytea,
    error              jsonb,
    created_at         timestamptz NOT NULL DEFAULT now(),
    started_at         timestamptz,
    finished_at        timestamptz,
    progressed_at      timestamptz NOT NULL DEFAULT now(),
    confirm_expires_at timestamptz NOT NULL,
    run_expires_at     timestamptz,
    expires_at         timestamptz,
    UNIQUE (owner, number),
    UNIQUE (owner, idempotency_key)
) WITH (fillfactor = 50); -- one row is updated by every part: room for HOT updates

-- What reconcile-imports looks through each minute.
CREATE INDEX export_unfinished ON export (id)
    WHERE state NOT IN ('cancelled', 'failed', 'expired', 'deleted');

-- The receipts: part n of the upload holds the rows up to this one, in the order of import, order
-- date and record. Gone with the end of the export.
CREATE TABLE export_part (
    export_id  bigint  NOT NULL,
    number     integer NOT NULL,
    etag       text    NOT NULL,
    rows       bigint  NOT NULL,
    bytes      bigint  NOT NULL,
    import_id  bigint  NOT NULL,
    order_date date    NOT NULL,
    record     bigint  NOT NULL,
    PRIMARY KEY (export_id, number)
);
