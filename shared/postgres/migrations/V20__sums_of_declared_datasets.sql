-- Sums of declared datasets, as owner_sum has those of sales records: infra/adr/0010.

-- The numbers of the columns whose values are told apart, and of those that are added up; and the
-- version since which it is these. Null: no sums are kept. Code from before this declares none, and
-- what takes an import back asks this and no declaration.
ALTER TABLE dataset
    ADD COLUMN sums_by    integer[],
    ADD COLUMN sums_of    integer[],
    ADD COLUMN sums_since integer,
    ADD CHECK (num_nulls(sums_by, sums_of, sums_since) IN (0, 3)),
    ADD CHECK (sums_by IS NULL OR cardinality(sums_by) > 0 AND cardinality(sums_of) > 0
               AND array_position(sums_by || sums_of, NULL) IS NULL
               AND (sums_by || sums_of) <@ column_numbers
               AND sorted_column IS NOT NULL AND sums_since <= version);

-- `by` is the number of the column whose values are told apart; of rows without one, `value` is null.
-- In the order of `sums_of`: how many values there are, and what they add up to. Where one sum is
-- taken away from another, only the first says that no value is left.
CREATE TABLE dataset_sum (
    dataset_id bigint    NOT NULL,
    since      integer   NOT NULL, -- sums_since of the dataset: those of before are read by nobody
    by         integer   NOT NULL,
    month      date      NOT NULL,
    value      text      COLLATE "C",
    rows       bigint    NOT NULL,
    counts     bigint[]  NOT NULL,
    sums       numeric[] NOT NULL,
    UNIQUE NULLS NOT DISTINCT (dataset_id, since, by, month, value)
);

-- Sums are kept of its dataset, if it is a declared one; and in which of them the import is.
ALTER TABLE import
    ADD COLUMN keeps_sums boolean NOT NULL DEFAULT false,
    ADD COLUMN sums_since integer,
    ADD CHECK (sums_since IS NULL OR summed AND dataset_id IS NOT NULL);

-- What was declared before.
UPDATE dataset d SET sums_by = said.by, sums_of = said.of, sums_since = d.version
FROM dataset_version v CROSS JOIN LATERAL (
    SELECT array_agg(v.column_numbers[f.at] ORDER BY n.at) FILTER (WHERE n.list = 'by') AS by,
           array_agg(v.column_numbers[f.at] ORDER BY n.at) FILTER (WHERE n.list = 'of') AS of
    FROM unnest(ARRAY['by', 'of']) AS l (list)
    CROSS JOIN LATERAL (SELECT l.list, e.name, e.at FROM jsonb_array_elements_text(
        v.document -> 'sums' -> l.list) WITH ORDINALITY AS e (name, at)) AS n
    JOIN jsonb_array_elements(v.document -> 'fields') WITH ORDINALITY AS f (field, at)
        ON f.field ->> 'name' = n.name) AS said
WHERE v.dataset_id = d.id AND v.version = d.version AND v.document ? 'sums';

UPDATE import i SET keeps_sums = true
FROM dataset d WHERE d.id = i.dataset_id AND d.sums_since IS NOT NULL;

-- What reconcile looks through each minute.
DROP INDEX import_unsummed;
CREATE INDEX import_unsummed ON import (sum_tries, finished_at)
    WHERE (dataset = 'baseline' OR keeps_sums) AND state = 'completed' AND NOT summed;

-- As before, and says whether sums are kept.
CREATE OR REPLACE FUNCTION import_has_its_dataset() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.dataset;
BEGIN
    SELECT * INTO entry FROM public.dataset
    WHERE id = NEW.dataset_id AND owner = NEW.owner AND name = NEW.dataset AND state = 'live'
    FOR SHARE;
    IF entry.id IS NULL THEN
        RAISE EXCEPTION 'dataset % is not there', NEW.dataset_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'import_dataset_is_there';
    ELSIF entry.version <> NEW.dataset_version THEN
        RAISE EXCEPTION 'dataset % has another version than %', NEW.dataset_id, NEW.dataset_version
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'import_dataset_is_current';
    END IF;
    NEW.keeps_sums := entry.sums_since IS NOT NULL;
    RETURN NEW;
END $$;
