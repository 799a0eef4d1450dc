//! finish-import
