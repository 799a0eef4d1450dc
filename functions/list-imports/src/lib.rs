//! list-imports
