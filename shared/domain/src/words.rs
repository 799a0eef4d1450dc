//! Sentences that cells of a file and fields of a request have in common: the contract's, word for
//! word.

/// There is nothing, or nothing but white space.
pub const NOT_BLANK: &str = "This field may not be blank.";

/// PostgreSQL and file names alike cannot hold NUL.
pub const NO_NUL: &str = "Null characters are not allowed.";

/// It is no whole number.
pub const NOT_AN_INTEGER: &str = "A valid integer is required.";

/// It has more characters than these.
pub fn too_long(chars_at_most: usize) -> String {
    format!("Ensure this field has no more than {chars_at_most} characters.")
}
