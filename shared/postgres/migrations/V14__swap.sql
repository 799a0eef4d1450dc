-- A completed import may be cancelled, and replaced: it stays visible until its replacement
-- completes, and one UPDATE then lets the rows of the one go and those of the other appear.

ALTER TABLE import
    ADD COLUMN swaps        integer, -- number of the completed import that goes when this one completes
    ADD COLUMN chain        integer, -- number of the first of the imports that replaced one another
    ADD COLUMN completed_at timestamptz; -- finished_at follows the last end, this stays

UPDATE import SET completed_at = finished_at WHERE state = 'completed';

WITH RECURSIVE chained AS (
    SELECT owner, dataset, number, number AS first FROM import
    WHERE replaces IS NULL AND replaced_by IS NOT NULL
    UNION ALL
    SELECT n.owner, n.dataset, n.number, c.first
    FROM chained c JOIN import n ON n.owner = c.owner AND n.dataset = c.dataset AND n.replaces = c.number)
UPDATE import i SET chain = c.first FROM chained c
WHERE i.owner = c.owner AND i.dataset = c.dataset AND i.number = c.number AND i.replaces IS NOT NULL;

-- Of the imports that may still complete, one at most takes the place of a completed one: the
-- second is the wire's 409 being_replaced.
CREATE UNIQUE INDEX import_one_swap ON import (owner, dataset, swaps)
    WHERE swaps IS NOT NULL
      AND state IN ('awaiting_upload', 'planning', 'importing', 'paused', 'finishing', 'held');

CREATE INDEX import_chain ON import (owner, dataset, chain) WHERE chain IS NOT NULL;

-- As before, but once for each statement: a swap takes one import into `completed` and another out
-- of it. A trigger for each row would lock the months of the one and then those of the other, and a
-- delete that locks its own months in their order could wait for it and be waited for. Months that
-- have as many rows as before are not touched.
-- Code from before this, which may still run for a while in a deploy, completes an import without
-- the swap: it is refused, and tried again until its successor is there.
CREATE OR REPLACE FUNCTION count_in_owner_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM was JOIN became USING (id)
                   WHERE (was.state = 'completed') <> (became.state = 'completed'))
    THEN
        RETURN NULL;
    END IF;
    SELECT n.id INTO wrong FROM was JOIN became n USING (id)
    WHERE was.state <> 'completed' AND n.state = 'completed' AND n.rows_imported > 0
        AND NOT EXISTS (SELECT FROM import_day WHERE import_id = n.id)
        AND NOT EXISTS (SELECT FROM import_block WHERE import_id = n.id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'import % has rows and no counts', wrong;
    END IF;
    SELECT n.id INTO wrong FROM became n
        JOIN import o ON o.owner = n.owner AND o.dataset = n.dataset AND o.number = n.swaps
    WHERE n.state = 'completed' AND o.state = 'completed' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'import % is completed beside the import that it swaps', wrong;
    END IF;
    INSERT INTO owner_month AS counted (owner, month, rows)
    SELECT owner, month, sum(rows)::bigint
    FROM (SELECT n.owner, date_trunc('month', d.day::timestamp)::date AS month,
              CASE n.state WHEN 'completed' THEN d.rows ELSE -d.rows END AS rows
          FROM was JOIN became n USING (id) JOIN import_day d ON d.import_id = n.id
          WHERE (was.state = 'completed') <> (n.state = 'completed')) AS days
    GROUP BY owner, month HAVING sum(rows) <> 0 ORDER BY owner, month
    ON CONFLICT (owner, month) DO UPDATE SET rows = counted.rows + excluded.rows;
    RETURN NULL;
END $$;

DROP TRIGGER import_counts ON import;
CREATE TRIGGER import_counts AFTER UPDATE ON import
    REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION count_in_owner_month();
