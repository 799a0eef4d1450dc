-- What the summary adds up, so that it never passes row by row: infra/adr/0010. `by` is the column
-- whose values are told apart.
CREATE TABLE owner_sum (
    owner   uuid    NOT NULL,
    by      text    NOT NULL,
    month   date    NOT NULL,
    value   text    NOT NULL,
    rows    bigint  NOT NULL,
    units   numeric NOT NULL,
    revenue numeric NOT NULL,
    cost    numeric NOT NULL,
    profit  numeric NOT NULL,
    PRIMARY KEY (owner, by, month, value)
);

-- The rows of the import are in its owner's sums. It may be completed and not yet summed, or taken
-- back and still summed: a reader makes up for either.
ALTER TABLE import ADD COLUMN summed boolean NOT NULL DEFAULT false;
