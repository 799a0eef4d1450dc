-- What owners use is counted once for each statement that changes imports, and no more for each row:
-- an account or a dataset with many imports is deleted by one statement, and with each of its rows it
-- took longer to find the newest version of the one row that counts.

-- No import is changed between the counting here and the trigger.
LOCK TABLE import IN SHARE ROW EXCLUSIVE MODE;

-- As before, but the rows of an import leave only until it is proven that none is left. One that was
-- taken back long ago and is deleted now brings no row with it.
CREATE OR REPLACE FUNCTION usage_of_import(i import, OUT imports_open bigint, OUT bytes_under_way bigint,
    OUT bytes_stored bigint, OUT rows_stored bigint, OUT rows_leaving bigint)
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(open::integer, 0)::bigint,
        CASE WHEN open THEN i.object_size ELSE 0 END,
        CASE WHEN NOT open AND i.state <> 'deleted' AND i.object_version IS NOT NULL
                AND i.object_expired_at IS NULL THEN i.object_size ELSE 0 END,
        CASE WHEN i.state = 'completed' THEN i.rows_imported ELSE 0 END,
        CASE WHEN i.state IN ('rolling_back', 'validating', 'cancelling', 'deleting', 'rollback_failed')
                AND i.rows_remaining IS NULL THEN i.rows_imported ELSE 0 END
    FROM (SELECT i.state IN ('awaiting_upload', 'planning', 'importing', 'paused', 'finishing', 'held')
              AS open) AS s
$$;

-- Owners are locked in one order, as whoever locks several does.
CREATE FUNCTION count_changed_imports() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What every chunk changes takes no lock.
    IF NOT EXISTS (SELECT FROM was JOIN became AS n USING (id)
                   WHERE was.state <> n.state
                      OR was.object_size IS DISTINCT FROM n.object_size
                      OR (was.object_version IS NULL) <> (n.object_version IS NULL)
                      OR (was.object_expired_at IS NULL) <> (n.object_expired_at IS NULL)
                      OR (was.rows_remaining IS NULL) <> (n.rows_remaining IS NULL))
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.owner_usage AS u
        (owner, imports_open, bytes_under_way, bytes_stored, rows_stored, rows_leaving)
    SELECT * FROM (
        SELECT owner, sum(imports_open)::bigint AS imports_open,
            sum(bytes_under_way)::bigint AS bytes_under_way, sum(bytes_stored)::bigint AS bytes_stored,
            sum(rows_stored)::bigint AS rows_stored, sum(rows_leaving)::bigint AS rows_leaving
        FROM (
            SELECT n.owner, c.* FROM became n CROSS JOIN LATERAL public.usage_of_import(n) AS c
            UNION ALL
            SELECT w.owner, -c.imports_open, -c.bytes_under_way, -c.bytes_stored, -c.rows_stored,
                -c.rows_leaving
            FROM was w CROSS JOIN LATERAL public.usage_of_import(w) AS c
        ) AS changes GROUP BY owner
    ) AS changed
    -- A change from one open state to another takes no lock either.
    WHERE (imports_open, bytes_under_way, bytes_stored, rows_stored, rows_leaving) <> (0, 0, 0, 0, 0)
    ORDER BY owner
    ON CONFLICT (owner) DO UPDATE SET
        imports_open = u.imports_open + excluded.imports_open,
        bytes_under_way = u.bytes_under_way + excluded.bytes_under_way,
        bytes_stored = u.bytes_stored + excluded.bytes_stored,
        rows_stored = u.rows_stored + excluded.rows_stored,
        rows_leaving = u.rows_leaving + excluded.rows_leaving;
    RETURN NULL;
END $$;

-- Triggers come in the order of their names: the row of the owner is locked before the counts by month
-- (import_counts), as ever.
DROP TRIGGER import_usage_changed ON import;
CREATE TRIGGER import_changes_usage AFTER UPDATE ON import
    REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_imports();

-- What there is.
UPDATE owner_usage u SET rows_leaving = counted.rows_leaving
FROM (SELECT i.owner, sum(c.rows_leaving) AS rows_leaving
      FROM import i CROSS JOIN LATERAL usage_of_import(i) AS c GROUP BY i.owner) AS counted
WHERE u.owner = counted.owner AND u.rows_leaving <> counted.rows_leaving;

REVOKE ALL ON FUNCTION count_changed_imports FROM PUBLIC;
