-- Rows of dataset baseline. The key serves rollback and finish, the index on the order date the query.
CREATE TABLE sales_record (
    import_id      bigint        NOT NULL,
    record         bigint        NOT NULL,
    region         text          NOT NULL,
    country        text          NOT NULL,
    item_type      text          NOT NULL,
    sales_channel  text          NOT NULL,
    order_priority text          NOT NULL,
    order_date     date          NOT NULL,
    order_id       bigint        NOT NULL,
    ship_date      date          NOT NULL,
    units_sold     bigint        NOT NULL,
    unit_price     numeric(14,2) NOT NULL,
    unit_cost      numeric(14,2) NOT NULL,
    total_revenue  numeric(14,2) NOT NULL,
    total_cost     numeric(14,2) NOT NULL,
    total_profit   numeric(14,2) NOT NULL,
    PRIMARY KEY (import_id, record)
);

CREATE INDEX sales_record_order_date ON sales_record (order_date);
