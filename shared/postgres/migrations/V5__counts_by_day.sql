-- What counts and positions of rows stand on, so that neither a count nor a deep page ever passes
-- row by row: infra/adr/0009. Written when an import completes, gone with its rows.

-- Rows of a baseline on each day.
CREATE TABLE import_day (
    import_id bigint NOT NULL,
    day       date   NOT NULL,
    rows      bigint NOT NULL,
    PRIMARY KEY (import_id, day)
);

-- Where in a day with many rows one is: the record that has exactly `above` newer rows of its day
-- before it. Every 1,024th row is marked.
CREATE TABLE import_day_mark (
    import_id bigint NOT NULL,
    day       date   NOT NULL,
    above     bigint NOT NULL,
    record    bigint NOT NULL,
    PRIMARY KEY (import_id, day, above)
);

-- The same for a dataset that is read in the order of its file. Records are counted in blocks of
-- 1,024; from `block` on every record is a row until the next entry begins, and `above` rows stand
-- before it. A file without rejected records has one entry.
CREATE TABLE import_block (
    import_id bigint NOT NULL,
    above     bigint NOT NULL,
    block     bigint NOT NULL,
    PRIMARY KEY (import_id, above, block)
);

-- Rows of an owner's completed baselines in each month.
CREATE TABLE owner_month (
    owner uuid   NOT NULL,
    month date   NOT NULL,
    rows  bigint NOT NULL,
    PRIMARY KEY (owner, month)
);

-- Kept by whatever statement takes an import into or out of `completed`, in its transaction. Months
-- are locked in their order, after the import: nobody takes these locks the other way round.
-- Code from before these tables, which may still run for a while in a deploy, counts nothing: it
-- is refused, and tried again until its successor is there.
CREATE FUNCTION count_in_owner_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'completed' AND NEW.rows_imported > 0
        AND NOT EXISTS (SELECT FROM import_day WHERE import_id = NEW.id)
        AND NOT EXISTS (SELECT FROM import_block WHERE import_id = NEW.id)
    THEN
        RAISE EXCEPTION 'import % has rows and no counts', NEW.id;
    END IF;
    INSERT INTO owner_month AS counted (owner, month, rows)
    SELECT NEW.owner, month, CASE NEW.state WHEN 'completed' THEN rows ELSE -rows END
    FROM (SELECT date_trunc('month', day::timestamp)::date AS month, sum(rows)::bigint AS rows
          FROM import_day WHERE import_id = NEW.id GROUP BY 1 ORDER BY 1) AS days
    ON CONFLICT (owner, month) DO UPDATE SET rows = counted.rows + excluded.rows;
    RETURN NULL;
END $$;

CREATE TRIGGER import_counts AFTER UPDATE OF state ON import FOR EACH ROW
    WHEN ((OLD.state = 'completed') <> (NEW.state = 'completed'))
    EXECUTE FUNCTION count_in_owner_month();

-- Imports that were completed before this.
INSERT INTO import_day (import_id, day, rows)
SELECT i.id, r.order_date, count(*)
FROM import i JOIN sales_record r ON r.import_id = i.id
WHERE i.state = 'completed' AND i.dataset = 'baseline' GROUP BY i.id, r.order_date;

INSERT INTO import_day_mark (import_id, day, above, record)
SELECT import_id, order_date, above, record
FROM (SELECT r.import_id, r.order_date, r.record, row_number() OVER (
          PARTITION BY r.import_id, r.order_date ORDER BY r.record DESC) - 1 AS above
      FROM import_day d JOIN sales_record r ON r.import_id = d.import_id AND r.order_date = d.day
      WHERE d.rows > 2048) AS placed
WHERE above % 1024 = 0;

INSERT INTO import_block (import_id, above, block)
SELECT import_id, above, block
FROM (SELECT import_id, block, (sum(rows) OVER w)::bigint - rows AS above,
          lag(block) OVER w AS previous, lag(rows) OVER w AS previous_rows
      FROM (SELECT i.id AS import_id, (r.record - 1) / 1024 AS block, count(*) AS rows
            FROM import i JOIN team r ON r.import_id = i.id
            WHERE i.state = 'completed' AND i.dataset = 'team' GROUP BY 1, 2) AS blocks
      WINDOW w AS (PARTITION BY import_id ORDER BY block)) AS counted
WHERE previous IS DISTINCT FROM block - 1 OR previous_rows < 1024;

INSERT INTO owner_month (owner, month, rows)
SELECT i.owner, date_trunc('month', d.day::timestamp)::date, sum(d.rows)
FROM import_day d JOIN import i ON i.id = d.import_id GROUP BY 1, 2;
