-- Rows of dataset team.
CREATE TABLE team (
    import_id            bigint       NOT NULL,
    record               bigint       NOT NULL,
    team_name            varchar(100) NOT NULL,
    manager_name         varchar(100) NOT NULL,
    manager_phone_number varchar(15)  NOT NULL,
    PRIMARY KEY (import_id, record)
);
