/// Where the records of a file should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecords {
    /// There is not even a heading.
    #[error("The file is empty.")]
    Empty,
    /// There is only a heading.
    #[error("The file has a heading and nothing else: there is no record to import.")]
    OnlyHeading,
}

/// What a file is that is no UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Text of another width, by its name.
    #[error("The file is {0} text. Save it as UTF-8.")]
    Wide(&'static str),
    /// A ZIP archive.
    #[error("The file is an archive, as spreadsheets are (.xlsx). Save it as CSV.")]
    Archive,
    /// Something with NUL in it.
    #[error("The file has null characters in its heading: it is not a CSV text file.")]
    Nulls,
    /// Text in another encoding.
    #[error("The heading is not valid UTF-8. Save the file as UTF-8.")]
    NotUtf8,
}
