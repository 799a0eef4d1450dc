//! import-chunk
