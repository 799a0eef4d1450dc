//! What a client is told about a field or a parameter: the contract's sentences, word for word. A
//! sentence that only one function says stays there.

pub use domain::words::{
    NO_NUL, NOT_A_BOOLEAN, NOT_A_DATE, NOT_A_DATETIME, NOT_A_STRING, NOT_AN_INTEGER, NOT_BLANK,
    too_long,
};

/// The field is not there.
pub const REQUIRED: &str = "This field is required.";

/// The field is null.
pub const NOT_NULL: &str = "This field may not be null.";

/// No file came with the request.
pub const NO_FILE: &str = "No file was submitted.";

/// A file came, and nothing is in it.
pub const EMPTY_FILE: &str = "The submitted file is empty.";

/// Something came in the place of a file.
pub const NOT_A_FILE: &str =
    "The submitted data was not a file. Check the encoding type on the form.";

/// The value is none of the choices: the contract's sentence, and ours with all of them.
pub fn not_a_choice<'c>(asked: &str, choices: impl IntoIterator<Item = &'c str>) -> String {
    let choices: Vec<&str> = choices.into_iter().collect();
    format!(
        "\"{asked}\" is not a valid choice. Choose one of these: {}.",
        choices.join(", ")
    )
}

/// What is asked, a parameter or a field, is not known, but nearly a known one.
pub fn not_a_name(what: &str, meant: &str) -> String {
    format!("This {what} is not known. Did you mean \"{meant}\"?")
}
