//! migrate-database
