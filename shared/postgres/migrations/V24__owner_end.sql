-- Owners whose account was deleted: infra/adr/0020. Nothing is created for one from the commit of its
-- row on. The row stays when everything else of the owner is gone, and says what was removed.
CREATE TABLE owner_end (
    owner          uuid        PRIMARY KEY,
    user_id        bigint      NOT NULL,
    asked_at       timestamptz NOT NULL,               -- when the account was deleted
    begun_at       timestamptz NOT NULL DEFAULT now(), -- when this was written
    -- What was deleted with it.
    imports        bigint      NOT NULL DEFAULT 0,
    exports        bigint      NOT NULL DEFAULT 0,
    datasets       bigint      NOT NULL DEFAULT 0,
    files          bigint      NOT NULL DEFAULT 0,     -- originals, and files of exports
    rows_before    bigint      NOT NULL,               -- that its imports had lost when this was written
    rows_deleted   bigint,                             -- that they lost since
    rows_remaining bigint      CHECK (rows_remaining = 0),
    counted_at     timestamptz,                        -- when nothing was left but entries
    emptied_at     timestamptz,                        -- when they were gone, too
    ended_at       timestamptz,                        -- when the account was gone, and its name free
    CHECK (num_nulls(rows_deleted, rows_remaining, counted_at) IN (0, 3)),
    CHECK (emptied_at IS NULL OR counted_at IS NOT NULL),
    CHECK (ended_at IS NULL OR emptied_at IS NOT NULL)
);

CREATE INDEX owner_end_under_way ON owner_end (asked_at) WHERE ended_at IS NULL;

-- A request that had begun before the account was deleted may create something after that. It holds
-- the row of owner_usage by then, as whoever writes owner_end does: one of the two comes first, and the
-- other one sees it.
CREATE FUNCTION owner_is_there() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.owner_end WHERE owner = NEW.owner) THEN
        RAISE EXCEPTION 'the account of this owner was deleted'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'owner_is_there';
    END IF;
    RETURN NULL;
END $$;

-- Triggers come in the order of their names: each of these after the one that counts in owner_usage.
CREATE TRIGGER import_usage_of_owner AFTER INSERT ON import FOR EACH ROW EXECUTE FUNCTION owner_is_there();
CREATE TRIGGER export_usage_of_owner AFTER INSERT ON export FOR EACH ROW EXECUTE FUNCTION owner_is_there();
CREATE TRIGGER dataset_usage_of_owner AFTER INSERT ON dataset FOR EACH ROW EXECUTE FUNCTION owner_is_there();

REVOKE ALL ON FUNCTION owner_is_there FROM PUBLIC;

-- As before, and the maker alone ends owners.
CREATE OR REPLACE FUNCTION grant_rights() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
            'public.dataset_room, public.refinery_schema_history, public.import_event, '
            'public.owner_end FROM %I', worker);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.hold_dataset TO %I', worker);
    END IF;
    IF to_regrole(quote_ident(maker)) IS NOT NULL THEN
        what := 'SELECT, INSERT, UPDATE, DELETE';
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', maker);
        EXECUTE format('GRANT %s ON public.dataset, public.dataset_version, public.dataset_room TO %I',
            what, maker);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.owner_end TO %I', maker);
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
