//! rollback-import
