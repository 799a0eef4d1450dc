//! start-import
