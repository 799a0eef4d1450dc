-- What each owner uses of what all share, a row each: infra/adr/0018. Counted by triggers, in the
-- transaction of the change, whoever makes it. What takes more locks this row first, and looks then.

-- No import, export or dataset is created or changed between the counting here and the triggers.
LOCK TABLE import, export, dataset IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE owner_usage (
    owner              uuid   PRIMARY KEY,
    imports_open       bigint NOT NULL DEFAULT 0, -- that may still complete
    bytes_under_way    bigint NOT NULL DEFAULT 0, -- declared for their files
    bytes_stored       bigint NOT NULL DEFAULT 0, -- of the originals of the others
    rows_stored        bigint NOT NULL DEFAULT 0, -- of completed imports
    rows_leaving       bigint NOT NULL DEFAULT 0, -- that are being taken back
    exports_unfinished bigint NOT NULL DEFAULT 0,
    exports_kept       bigint NOT NULL DEFAULT 0, -- that have or await a file
    exports_day        date,                      -- on which the last export was asked for, in UTC
    exports_of_day     bigint NOT NULL DEFAULT 0,
    datasets           bigint NOT NULL DEFAULT 0  -- with those that are marked
) WITH (fillfactor = 50);

-- What an import counts as; one that there is not counts as nothing. A row that the fence may still
-- add to counts by its bytes, so no chunk changes a count.
CREATE FUNCTION usage_of_import(i import, OUT imports_open bigint, OUT bytes_under_way bigint,
    OUT bytes_stored bigint, OUT rows_stored bigint, OUT rows_leaving bigint)
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(open::integer, 0)::bigint,
        CASE WHEN open THEN i.object_size ELSE 0 END,
        CASE WHEN NOT open AND i.state <> 'deleted' AND i.object_version IS NOT NULL
                AND i.object_expired_at IS NULL THEN i.object_size ELSE 0 END,
        CASE WHEN i.state = 'completed' THEN i.rows_imported ELSE 0 END,
        CASE WHEN i.state IN ('rolling_back', 'validating', 'cancelling', 'deleting', 'rollback_failed')
            THEN i.rows_imported ELSE 0 END
    FROM (SELECT i.state IN ('awaiting_upload', 'planning', 'importing', 'paused', 'finishing', 'held')
              AS open) AS s
$$;

-- The row of the owner is locked after the import, and before the counts by month and band.
CREATE FUNCTION count_import() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was    record;
    became record;
BEGIN
    SELECT * INTO was FROM public.usage_of_import(OLD);
    SELECT * INTO became FROM public.usage_of_import(NEW);
    -- A change from one open state to another takes no lock.
    IF became IS NOT DISTINCT FROM was THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.owner_usage AS u
        (owner, imports_open, bytes_under_way, bytes_stored, rows_stored, rows_leaving)
    VALUES (coalesce(NEW.owner, OLD.owner),
        became.imports_open - was.imports_open,
        became.bytes_under_way - was.bytes_under_way,
        became.bytes_stored - was.bytes_stored,
        became.rows_stored - was.rows_stored,
        became.rows_leaving - was.rows_leaving)
    ON CONFLICT (owner) DO UPDATE SET
        imports_open = u.imports_open + excluded.imports_open,
        bytes_under_way = u.bytes_under_way + excluded.bytes_under_way,
        bytes_stored = u.bytes_stored + excluded.bytes_stored,
        rows_stored = u.rows_stored + excluded.rows_stored,
        rows_leaving = u.rows_leaving + excluded.rows_leaving;
    RETURN NULL;
END $$;

CREATE TRIGGER import_usage_created AFTER INSERT OR DELETE ON import
    FOR EACH ROW EXECUTE FUNCTION count_import();
CREATE TRIGGER import_usage_changed AFTER UPDATE ON import FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
        OR OLD.object_size IS DISTINCT FROM NEW.object_size
        OR (OLD.object_version IS NULL) <> (NEW.object_version IS NULL)
        OR (OLD.object_expired_at IS NULL) <> (NEW.object_expired_at IS NULL))
    EXECUTE FUNCTION count_import();

CREATE FUNCTION usage_of_export(e export, OUT exports_unfinished bigint, OUT exports_kept bigint)
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((e.state IN ('needs_confirmation', 'exporting'))::integer, 0)::bigint,
        coalesce((e.state IN ('needs_confirmation', 'exporting', 'completed'))::integer, 0)::bigint
$$;

-- One that was asked for before midnight and is written after another one of the new day counts for
-- neither day: it was judged by the old one.
CREATE FUNCTION count_export() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was    record;
    became record;
    day    date := CASE WHEN TG_OP = 'INSERT' THEN (NEW.created_at AT TIME ZONE 'UTC')::date END;
BEGIN
    SELECT * INTO was FROM public.usage_of_export(OLD);
    SELECT * INTO became FROM public.usage_of_export(NEW);
    IF became IS NOT DISTINCT FROM was AND day IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.owner_usage AS u
        (owner, exports_unfinished, exports_kept, exports_day, exports_of_day)
    VALUES (coalesce(NEW.owner, OLD.owner),
        became.exports_unfinished - was.exports_unfinished,
        became.exports_kept - was.exports_kept,
        day, (day IS NOT NULL)::integer)
    ON CONFLICT (owner) DO UPDATE SET
        exports_unfinished = u.exports_unfinished + excluded.exports_unfinished,
        exports_kept = u.exports_kept + excluded.exports_kept,
        exports_of_day = CASE WHEN day > u.exports_day OR u.exports_day IS NULL THEN excluded.exports_of_day
            WHEN day = u.exports_day THEN u.exports_of_day + 1
            ELSE u.exports_of_day END,
        exports_day = greatest(u.exports_day, day);
    RETURN NULL;
END $$;

CREATE TRIGGER export_usage_created AFTER INSERT OR DELETE ON export
    FOR EACH ROW EXECUTE FUNCTION count_export();
CREATE TRIGGER export_usage_changed AFTER UPDATE ON export FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION count_export();

CREATE FUNCTION count_dataset() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.owner_usage AS u (owner, datasets)
    VALUES (coalesce(NEW.owner, OLD.owner), CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END)
    ON CONFLICT (owner) DO UPDATE SET datasets = u.datasets + excluded.datasets;
    RETURN NULL;
END $$;

CREATE TRIGGER dataset_usage AFTER INSERT OR DELETE ON dataset
    FOR EACH ROW EXECUTE FUNCTION count_dataset();

-- What there is.
INSERT INTO owner_usage (owner, imports_open, bytes_under_way, bytes_stored, rows_stored, rows_leaving,
    exports_unfinished, exports_kept, exports_day, exports_of_day, datasets)
SELECT owner, sum(imports_open), sum(bytes_under_way), sum(bytes_stored), sum(rows_stored),
    sum(rows_leaving), sum(exports_unfinished), sum(exports_kept), max(exports_day),
    sum(exports_of_day), sum(datasets)
FROM (
    SELECT i.owner, u.imports_open, u.bytes_under_way, u.bytes_stored, u.rows_stored, u.rows_leaving,
        0 AS exports_unfinished, 0 AS exports_kept, NULL::date AS exports_day, 0 AS exports_of_day,
        0 AS datasets
    FROM import i CROSS JOIN LATERAL usage_of_import(i) AS u
    UNION ALL
    SELECT e.owner, 0, 0, 0, 0, 0, u.exports_unfinished, u.exports_kept,
        (e.created_at AT TIME ZONE 'UTC')::date,
        ((e.created_at AT TIME ZONE 'UTC')::date = max((e.created_at AT TIME ZONE 'UTC')::date)
            OVER (PARTITION BY e.owner))::integer,
        0
    FROM export e CROSS JOIN LATERAL usage_of_export(e) AS u
    UNION ALL
    SELECT owner, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 1 FROM dataset
) AS counted GROUP BY owner;

-- The original of a completed import is kept for some days, too: what reconcile looks through each
-- minute.
CREATE INDEX import_original_expires ON import (started_at)
    WHERE state = 'completed' AND object_expired_at IS NULL;

REVOKE ALL ON FUNCTION usage_of_import, count_import, usage_of_export, count_export, count_dataset
    FROM PUBLIC;
