-- Which declared dataset an export is of, and the version of its declaration that it is written by.
-- Code from before this, which may still run for a while in a deploy, exports what is built in and
-- leaves both null.
ALTER TABLE export
    ADD COLUMN dataset_id      bigint, -- null: built in
    ADD COLUMN dataset_version integer,
    ADD CONSTRAINT export_names_a_version CHECK (num_nulls(dataset_id, dataset_version) IN (0, 2));

CREATE INDEX export_of_dataset ON export (dataset_id) WHERE dataset_id IS NOT NULL;
