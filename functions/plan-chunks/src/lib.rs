//! plan-chunks
