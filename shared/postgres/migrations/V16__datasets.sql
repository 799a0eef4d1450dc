-- Declared datasets, and the roles: infra/adr/0014. Nothing a user has written becomes SQL: a
-- dataset's table is d_{id}, its columns are c1, c2, …, and what makes, extends and drops it takes
-- an id and reads numbers and codes from the dataset's entry.

-- What each user has declared. An entry that is marked `dropping` is found by nobody; it goes with
-- its table once each of its imports is deleted and swept.
CREATE TABLE dataset (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner          uuid        NOT NULL,
    name           text        COLLATE "C" NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,47}$'),
    state          text        NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'dropping')),
    version        integer     NOT NULL DEFAULT 1, -- the current one
    column_numbers integer[]   NOT NULL, -- of each field of the current version: 3 is c3
    column_types   text[]      NOT NULL, -- of each field of the current version: a code
    sorted_column  integer,              -- which of the numbers stands in the key before the record
    columns_used   integer     NOT NULL, -- the highest number ever given: none is given again
    made           boolean     NOT NULL DEFAULT false, -- whether the table is there
    created_at     timestamptz NOT NULL DEFAULT now(),
    changed_at     timestamptz NOT NULL DEFAULT now(),
    dropped_at     timestamptz,          -- when it was marked
    CHECK (cardinality(column_numbers) BETWEEN 1 AND 500),
    CHECK (cardinality(column_numbers) = cardinality(column_types)),
    CHECK (array_position(column_numbers, NULL) IS NULL AND 1 <= ALL (column_numbers)
           AND columns_used >= ALL (column_numbers)),
    CHECK (sorted_column IS NULL OR sorted_column = ANY (column_numbers)),
    CHECK (array_position(column_types, NULL) IS NULL AND column_types <@ ARRAY[
        'text', 'uuid', 'bigint', 'integer', 'numeric', 'money', 'boolean', 'date', 'timestamp',
        'timestamptz', 'time']),
    CHECK ((state = 'dropping') = (dropped_at IS NOT NULL))
);

CREATE UNIQUE INDEX dataset_name ON dataset (owner, name) WHERE state = 'live';
CREATE INDEX dataset_dropping ON dataset (dropped_at) WHERE state = 'dropping';

-- Each version as it was declared. An import is read by the version it names, for as long as it is
-- there.
CREATE TABLE dataset_version (
    dataset_id     bigint      NOT NULL REFERENCES dataset,
    version        integer     NOT NULL,
    document       jsonb       NOT NULL,
    column_numbers integer[]   NOT NULL, -- of each field
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dataset_id, version)
);

-- Whoever adds an entry locks this row first, and counts then: two that are added at once cannot
-- both be the last that there is room for.
CREATE TABLE dataset_room (
    stack boolean PRIMARY KEY DEFAULT true CHECK (stack)
);
INSERT INTO dataset_room DEFAULT VALUES;

-- Code from before this, which may still run for a while in a deploy, leaves the columns as they
-- are for a built-in dataset.
ALTER TABLE import
    ADD COLUMN dataset_id      bigint,  -- null: built in
    ADD COLUMN dataset_version integer,
    ADD COLUMN one_at_a_time   boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT import_names_a_version CHECK (num_nulls(dataset_id, dataset_version) IN (0, 2));

CREATE INDEX import_of_dataset ON import (dataset_id) WHERE dataset_id IS NOT NULL;

-- The same words as import_one_active_baseline, which stays for code from before this.
CREATE UNIQUE INDEX import_one_at_a_time ON import (owner, dataset)
    WHERE one_at_a_time
      AND (state IN ('awaiting_upload', 'planning', 'importing', 'paused', 'finishing')
           OR goal = 'validated'
              AND state IN ('rolling_back', 'validating', 'cancelling', 'deleting', 'rollback_failed'));

-- An import begins with the current version of a dataset that is its owner's, under this name, and
-- not marked. The entry stays locked until the import is there: a drop counts it, or it never is.
CREATE FUNCTION import_has_its_dataset() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    current integer;
BEGIN
    SELECT version INTO current FROM public.dataset
    WHERE id = NEW.dataset_id AND owner = NEW.owner AND name = NEW.dataset AND state = 'live'
    FOR SHARE;
    IF current IS NULL THEN
        RAISE EXCEPTION 'dataset % is not there', NEW.dataset_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'import_dataset_is_there';
    ELSIF current <> NEW.dataset_version THEN
        RAISE EXCEPTION 'dataset % has another version than %', NEW.dataset_id, NEW.dataset_version
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'import_dataset_is_current';
    END IF;
    RETURN NEW;
END $$;

-- What creates an import locks the entry so before anything else: a drop locks it before the imports.
CREATE FUNCTION hold_dataset(dataset_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.dataset d WHERE d.id = hold_dataset.dataset_id FOR SHARE;
END $$;

CREATE TRIGGER import_dataset BEFORE INSERT ON import FOR EACH ROW
    WHEN (NEW.dataset_id IS NOT NULL) EXECUTE FUNCTION import_has_its_dataset();

-- The table maker: the only hand that makes tables. Its functions run as their owner, who owns the
-- tables too, and may be called by one role.

-- The column as it is written in DDL.
CREATE FUNCTION dataset_column(number integer, code text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN format('c%s %s', number, CASE code
        WHEN 'text' THEN 'text COLLATE "C"'
        WHEN 'uuid' THEN 'uuid'
        WHEN 'bigint' THEN 'bigint'
        WHEN 'integer' THEN 'integer'
        WHEN 'numeric' THEN 'numeric'
        WHEN 'money' THEN 'numeric(14,2)'
        WHEN 'boolean' THEN 'boolean'
        WHEN 'date' THEN 'date'
        WHEN 'timestamp' THEN 'timestamp'
        WHEN 'timestamptz' THEN 'timestamptz'
        WHEN 'time' THEN 'time'
    END);
END $$;

-- Makes the table of a live dataset if it is not there. True: it is there.
-- Columns of 8 bytes come first, then those of 4, and those of any length last: no byte of a row is
-- padding, and what is fixed is found without a look at what is not.
CREATE FUNCTION make_dataset_table(dataset_id bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry   public.dataset;
    columns text;
BEGIN
    IF EXISTS (SELECT FROM public.dataset d
               WHERE d.id = make_dataset_table.dataset_id AND d.state = 'live' AND d.made) THEN
        RETURN true;
    END IF;
    SELECT * INTO entry FROM public.dataset d
    WHERE d.id = make_dataset_table.dataset_id AND d.state = 'live' FOR UPDATE;
    IF entry.id IS NULL OR entry.made THEN
        RETURN entry.id IS NOT NULL;
    END IF;
    SELECT string_agg(public.dataset_column(f.number, f.code), ', ' ORDER BY
        CASE WHEN f.code IN ('bigint', 'timestamp', 'timestamptz', 'time') THEN 1
             WHEN f.code IN ('integer', 'date') THEN 2
             WHEN f.code = 'uuid' THEN 3
             WHEN f.code = 'boolean' THEN 4
             ELSE 5 END, f.number)
    INTO columns FROM unnest(entry.column_numbers, entry.column_types) AS f(number, code);
    EXECUTE format(
        'CREATE TABLE public.d_%s (import_id bigint NOT NULL, record bigint NOT NULL, %s, '
        'PRIMARY KEY (import_id, %srecord))', entry.id, columns,
        CASE WHEN entry.sorted_column IS NULL THEN '' ELSE format('c%s, ', entry.sorted_column) END);
    UPDATE public.dataset d SET made = true WHERE d.id = entry.id;
    RETURN true;
END $$;

-- Adds the columns of the current version that the table of a live dataset does not have yet.
CREATE FUNCTION extend_dataset_table(dataset_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry   public.dataset;
    columns text;
BEGIN
    SELECT * INTO entry FROM public.dataset d
    WHERE d.id = extend_dataset_table.dataset_id AND d.state = 'live' AND d.made FOR UPDATE;
    SELECT string_agg('ADD COLUMN ' || public.dataset_column(f.number, f.code), ', ' ORDER BY f.number)
    INTO columns FROM unnest(entry.column_numbers, entry.column_types) AS f(number, code)
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attname = 'c' || f.number
            AND a.attrelid = to_regclass('public.d_' || entry.id));
    IF columns IS NOT NULL THEN
        EXECUTE format('ALTER TABLE public.d_%s %s', entry.id, columns);
    END IF;
END $$;

-- Drops the table of a dataset, if it is there. Refused while an import may have rows in it.
CREATE FUNCTION drop_dataset_table(dataset_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.dataset;
BEGIN
    SELECT * INTO entry FROM public.dataset d WHERE d.id = drop_dataset_table.dataset_id FOR UPDATE;
    IF entry.id IS NULL THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM public.import i WHERE i.dataset_id = entry.id AND i.state <> 'deleted') THEN
        RAISE EXCEPTION 'dataset % has imports', entry.id USING ERRCODE = 'object_in_use';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS public.d_%s', entry.id);
    UPDATE public.dataset d SET made = false WHERE d.id = entry.id;
END $$;

-- The roles beside the owner are {owner}_reader, {owner}_worker and {owner}_maker. They are made
-- here if this user may make roles, without the right to sign in; without them the owner does
-- everything, as before. docs/deploy.md says how to make use of them.
CREATE FUNCTION owner_role(suffix text) RETURNS name LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT (left(pg_get_userbyid(relowner), 56) || '_' || suffix)::name
    FROM pg_class WHERE oid = 'public.import'::regclass
$$;

DO $$
DECLARE
    role name;
BEGIN
    IF NOT (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RETURN;
    END IF;
    FOREACH role IN ARRAY ARRAY[owner_role('reader'), owner_role('worker'), owner_role('maker')] LOOP
        IF to_regrole(quote_ident(role)) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- Another database of the same owner is migrated at this moment.
            END;
        END IF;
    END LOOP;
END $$;

-- Grants each role what it may do, if it is there. Every deploy calls it after its migrations: a
-- role may have been made since, and a table. Only the owner may.
--   reader: reads.
--   worker: reads, and writes what becomes of imports and exports; neither datasets nor DDL.
--   maker:  all that a worker may, and datasets; DDL through the table maker's functions alone.
CREATE FUNCTION grant_rights() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader name := public.owner_role('reader');
    worker name := public.owner_role('worker');
    maker  name := public.owner_role('maker');
    what   text;
BEGIN
    IF to_regrole(quote_ident(reader)) IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', reader);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO %I', reader);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO %I', reader);
    END IF;
    IF to_regrole(quote_ident(worker)) IS NOT NULL THEN
        what := 'SELECT, INSERT, UPDATE, DELETE';
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', worker);
        EXECUTE format('GRANT %s ON ALL TABLES IN SCHEMA public TO %I', what, worker);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT %s ON TABLES TO %I', what, worker);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON public.dataset, public.dataset_version, '
            'public.dataset_room, public.refinery_schema_history FROM %I', worker);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.hold_dataset TO %I', worker);
    END IF;
    IF to_regrole(quote_ident(maker)) IS NOT NULL THEN
        what := 'SELECT, INSERT, UPDATE, DELETE';
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', maker);
        EXECUTE format('GRANT %s ON public.dataset, public.dataset_version, public.dataset_room TO %I',
            what, maker);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.make_dataset_table, '
            'public.extend_dataset_table, public.drop_dataset_table TO %I', maker);
        -- Reconcile ends the sessions of silent workers, and sees them only as a member.
        IF to_regrole(quote_ident(worker)) IS NOT NULL AND NOT pg_has_role(maker, worker, 'USAGE') THEN
            what := format('GRANT %I TO %I WITH INHERIT TRUE', worker, maker);
            BEGIN
                EXECUTE what;
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'say as the main user of the server, which made the roles: %', what;
            END;
        END IF;
    END IF;
END $$;

REVOKE ALL ON FUNCTION make_dataset_table, extend_dataset_table, drop_dataset_table, dataset_column,
    hold_dataset, owner_role, grant_rights, import_has_its_dataset FROM PUBLIC;
