-- How often and when reconcile-imports has last begun to add up an import that finish-import has
-- not: one whose sums cannot be made (infra/adr/0010) must not be read again each minute.
ALTER TABLE import
    ADD COLUMN sum_tries    smallint NOT NULL DEFAULT 0,
    ADD COLUMN sum_tried_at timestamptz;

-- What reconcile-imports looks through each minute, beside import_unfinished.
CREATE INDEX import_unsummed ON import (sum_tries, finished_at)
    WHERE dataset = 'baseline' AND state = 'completed' AND NOT summed;
CREATE INDEX import_sum_tried ON import (sum_tried_at) WHERE sum_tried_at IS NOT NULL;
