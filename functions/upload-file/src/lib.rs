//! upload-file
