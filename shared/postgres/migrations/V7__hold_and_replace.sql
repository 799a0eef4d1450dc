-- A failed import may be held, any import that may be cancelled may be replaced, and what a
-- deleted import leaves behind is looked for once more.

ALTER TABLE import
    ADD COLUMN on_failure      text    NOT NULL DEFAULT 'roll_back' CHECK (on_failure IN ('roll_back', 'hold')),
    ADD COLUMN hold_expires_at timestamptz,
    ADD COLUMN runs_before     integer NOT NULL DEFAULT 0, -- runs used up when it was last resumed from held
    ADD COLUMN replaces        integer, -- number of the same owner and dataset
    ADD COLUMN replaced_by     integer,
    ADD COLUMN swept_at        timestamptz;

-- What reconcile-imports looks through each minute, beside import_unfinished.
CREATE INDEX import_held ON import (hold_expires_at) WHERE state = 'held';
CREATE INDEX import_unswept ON import (finished_at) WHERE state = 'deleted' AND swept_at IS NULL;
