//! The whole path, over HTTP, against the stack that `cargo xtask test` has deployed, without
//! mocks. Each test signs up its own users. The tests share the stack and run at the same time. A
//! few call the code of one function on a database of their own, which needs PostgreSQL.

mod access;
mod again;
mod alarms;
mod bad_files;
mod bad_rows;
mod base_path;
mod baseline;
mod cancel;
mod declared_rows;
mod delete;
mod events;
mod exports;
mod foreign;
mod guide;
mod hand_over;
mod headings;
mod held;
mod internal;
mod leaving;
mod limits;
mod load;
mod lost;
mod main_job;
mod migrate;
mod no_room;
mod one_baseline;
mod passing;
mod pause;
mod planted;
mod prepared;
mod preparer;
mod presigned;
mod quotas;
mod readers;
mod readme;
mod rejected;
mod retried;
mod sales;
mod signing;
mod stuck;
mod team;
mod validated;
mod wire;
mod writer;
