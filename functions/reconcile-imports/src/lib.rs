//! reconcile-imports
