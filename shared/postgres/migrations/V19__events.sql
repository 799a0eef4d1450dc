-- What happens to imports and exports is written down, a row for each change of state, by a trigger:
-- infra/adr/0016. It goes with its import or export: while that has a row, and no longer.

-- No import or export is created or changed between the events that are written here and the
-- triggers.
LOCK TABLE import, export IN SHARE ROW EXCLUSIVE MODE;

-- Every command of a user adds one: the trigger tells by it who changes the state. Code from before
-- this, which may still run for a while in a deploy, leaves it as it is, and its function is named.
ALTER TABLE import ADD COLUMN commands integer NOT NULL DEFAULT 0;
ALTER TABLE export ADD COLUMN commands integer NOT NULL DEFAULT 0;

CREATE TABLE import_event (
    uid     uuid        NOT NULL, -- of the import or export
    number  integer     NOT NULL, -- of its events, from 1
    kind    text        NOT NULL CHECK (kind IN ('import', 'export')),
    owner   uuid        NOT NULL,
    at      timestamptz NOT NULL, -- of the statement: later than now() in a long transaction
    was     text,                 -- the state before; null: it was created
    state   text        NOT NULL,
    actor   text        NOT NULL, -- `user`, or the function that did it
    code    text,                 -- why it failed, if this change is for a reason
    is_last boolean     NOT NULL DEFAULT true,
    PRIMARY KEY (uid, number)
);

-- What an owner has, that which changed last first. Only a change of state touches it: with a column
-- that every chunk changes in it, no fence would be a HOT update any more.
CREATE INDEX import_event_latest ON import_event (owner, at, uid) WHERE is_last AND state <> 'deleted';

-- The next event finds the last one by it, however many there are.
CREATE UNIQUE INDEX import_event_one_last ON import_event (uid) WHERE is_last;

-- What there is begins with the state it is in. When it came to it is known of an end.
INSERT INTO import_event (uid, number, kind, owner, at, state, actor, code)
SELECT uid, 1, 'import', owner, coalesce(finished_at, progressed_at), state, 'migrate-database', error->>'code'
FROM import
UNION ALL
SELECT uid, 1, 'export', owner, coalesce(finished_at, progressed_at), state, 'migrate-database', error->>'code'
FROM export;

-- Runs as the owner of the table: nobody else may write to it. The row that changes is locked, so the
-- events of one import come one after another; their times do not run backwards with the clock.
CREATE FUNCTION note_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last  public.import_event;
    actor text := coalesce(nullif(current_setting('application_name'), ''), session_user);
    why   text;
BEGIN
    IF TG_OP = 'INSERT' OR NEW.commands > OLD.commands THEN
        actor := 'user';
    END IF;
    IF TG_OP = 'INSERT' OR NEW.error IS DISTINCT FROM OLD.error THEN
        why := NEW.error->>'code';
    END IF;
    UPDATE public.import_event SET is_last = false WHERE uid = NEW.uid AND is_last RETURNING * INTO last;
    INSERT INTO public.import_event (uid, number, kind, owner, at, was, state, actor, code)
    VALUES (NEW.uid, coalesce(last.number, 0) + 1, TG_TABLE_NAME, NEW.owner,
        greatest(clock_timestamp(), last.at), OLD.state, NEW.state, actor, why);
    RETURN NULL;
END $$;

CREATE FUNCTION forget_events() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.import_event WHERE uid = OLD.uid;
    RETURN NULL;
END $$;

CREATE TRIGGER import_created AFTER INSERT ON import FOR EACH ROW EXECUTE FUNCTION note_event();
CREATE TRIGGER import_changed AFTER UPDATE ON import FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_event();
CREATE TRIGGER import_gone AFTER DELETE ON import FOR EACH ROW EXECUTE FUNCTION forget_events();
CREATE TRIGGER export_created AFTER INSERT ON export FOR EACH ROW EXECUTE FUNCTION note_event();
CREATE TRIGGER export_changed AFTER UPDATE ON export FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_event();
CREATE TRIGGER export_gone AFTER DELETE ON export FOR EACH ROW EXECUTE FUNCTION forget_events();

-- As before, and nobody but the triggers writes events.
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
            'public.dataset_room, public.refinery_schema_history, public.import_event FROM %I', worker);
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

REVOKE ALL ON FUNCTION note_event, forget_events FROM PUBLIC;
