//! fail-chunk
