//! control-import
