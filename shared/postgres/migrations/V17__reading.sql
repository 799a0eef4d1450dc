-- Every dataset is read by counts: infra/adr/0009. Dates have them since V5, in import_day and
-- import_day_mark.

-- An import that completes at this moment is counted by the function below or before it, not by
-- neither.
LOCK TABLE import IN SHARE ROW EXCLUSIVE MODE;

-- Rows of an import whose rows are sorted by something else than a date: a time by its day, counted
-- from 1970, a number by one of 4,096 equal parts. A band is some buckets together: a month, or 64
-- parts.
CREATE TABLE import_bucket (
    import_id bigint  NOT NULL,
    bucket    integer NOT NULL,
    band      integer NOT NULL,
    rows      bigint  NOT NULL,
    PRIMARY KEY (import_id, bucket)
);

-- As import_day_mark. The key is a number, or the microseconds of a time since 1970.
CREATE TABLE import_bucket_mark (
    import_id bigint  NOT NULL,
    bucket    integer NOT NULL,
    above     bigint  NOT NULL,
    key       bigint  NOT NULL,
    record    bigint  NOT NULL,
    PRIMARY KEY (import_id, bucket, above)
);

-- Rows of an owner's completed imports of a dataset in each band; of dates, in each month: the
-- twelvefold year and the month, from 0.
CREATE TABLE owner_count (
    owner   uuid    NOT NULL,
    dataset text    NOT NULL,
    band    integer NOT NULL,
    rows    bigint  NOT NULL,
    PRIMARY KEY (owner, dataset, band)
);

INSERT INTO owner_count (owner, dataset, band, rows)
SELECT owner, 'baseline', extract(year FROM month)::integer * 12 + extract(month FROM month)::integer - 1, rows
FROM owner_month WHERE rows <> 0;

-- As before, and for each dataset. owner_month is read by code from before this, which may still run
-- for a while in a deploy and knows one dataset with dates; nothing else reads it. The counts are
-- locked in this order everywhere: months, bands.
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
        AND NOT EXISTS (SELECT FROM import_bucket WHERE import_id = n.id)
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
          WHERE n.dataset = 'baseline'
              AND (was.state = 'completed') <> (n.state = 'completed')) AS days
    GROUP BY owner, month HAVING sum(rows) <> 0 ORDER BY owner, month
    ON CONFLICT (owner, month) DO UPDATE SET rows = counted.rows + excluded.rows;
    INSERT INTO owner_count AS counted (owner, dataset, band, rows)
    SELECT owner, dataset, band, sum(CASE state WHEN 'completed' THEN rows ELSE -rows END)::bigint
    FROM (SELECT n.owner, n.dataset, n.state, c.band, c.rows
          FROM was JOIN became n USING (id) CROSS JOIN LATERAL (
              SELECT extract(year FROM d.day)::integer * 12
                  + extract(month FROM d.day)::integer - 1 AS band, d.rows
              FROM import_day d WHERE d.import_id = n.id
              UNION ALL
              SELECT b.band, b.rows FROM import_bucket b WHERE b.import_id = n.id) AS c
          WHERE (was.state = 'completed') <> (n.state = 'completed')) AS changed
    GROUP BY owner, dataset, band
    HAVING sum(CASE state WHEN 'completed' THEN rows ELSE -rows END) <> 0
    ORDER BY owner, dataset, band
    ON CONFLICT (owner, dataset, band) DO UPDATE SET rows = counted.rows + excluded.rows;
    RETURN NULL;
END $$;

-- Which dataset an export is of. Code from before this exports one.
ALTER TABLE export ADD COLUMN dataset text NOT NULL DEFAULT 'baseline';

-- Where a part ends, of a dataset that is sorted by no date: null if by nothing. As in
-- import_bucket_mark.
ALTER TABLE export_part ALTER COLUMN order_date DROP NOT NULL, ADD COLUMN key bigint;
