-- One index serves the query, the proof and the rollback. Two of them, each met in an order of its
-- own, were half of what storing a row costs: infra/adr/0005.
DROP INDEX sales_record_order_date;
ALTER TABLE sales_record DROP CONSTRAINT sales_record_pkey;
ALTER TABLE sales_record ADD PRIMARY KEY (import_id, order_date, record);
