use crate::limits::{
    PREPARED_BYTES_AT_MOST, UNPACKED_BYTES_ALWAYS_TAKEN, UNPACKED_TIMES_AT_MOST,
    ZSTD_WINDOW_BYTES_AT_MOST,
};

/// Why a packed file cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadArchive {
    /// It ends too early.
    #[error(
        "The packed file ends too early: a part of it is missing. Upload it again, or pack it again."
    )]
    Cut,
    /// Its bytes, or their checksum, are wrong.
    #[error("The packed file is damaged: it cannot be unpacked without errors. Pack it again.")]
    Damaged,
    /// Something follows its end.
    #[error("The packed file is damaged: other bytes follow its end. Pack it again.")]
    Trailing,
    /// Nothing is in it.
    #[error("The archive holds no file. Pack the CSV file alone into it.")]
    NoFile,
    /// More than one file is in it: how many.
    #[error("The archive holds {0} files, and one is read. Pack the CSV file alone.")]
    SeveralFiles(usize),
    /// It cannot be opened without a password.
    #[error("The file in the archive is encrypted. Pack it without a password.")]
    Encrypted,
    /// It is packed by a method that is not known.
    #[error(
        "The file in the archive is packed by a method that is not read ({0}). Use the usual one, \
         deflate, or gzip."
    )]
    Method(u16),
    /// It is a part of an archive that was split.
    #[error("The archive is one of several parts. Pack the CSV file into one.")]
    Split,
    /// zstd was told to use more memory than there is.
    #[error(
        "The file was packed for more memory than it is given here ({} MiB). Pack it without \
         --ultra and --long.",
        ZSTD_WINDOW_BYTES_AT_MOST / (1024 * 1024)
    )]
    Window,
    /// It needs a dictionary.
    #[error("The file was packed with a dictionary of zstd. Pack it without.")]
    Dictionary,
}

/// What a file is too large for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// For a packed file of its size.
    #[error(
        "Unpacked, the file is more than {UNPACKED_TIMES_AT_MOST} times as large as it is packed, \
         and larger than {} MiB. Upload it as it is, without packing it.",
        UNPACKED_BYTES_ALWAYS_TAKEN / (1024 * 1024)
    )]
    ForItsSize,
    /// For the service.
    #[error(
        "Unpacked and as UTF-8, the file is larger than {} GB. Cut it into several files.",
        PREPARED_BYTES_AT_MOST / 1_000_000_000
    )]
    ForUs,
}

impl BadArchive {
    pub(crate) fn examples() -> [Self; 10] {
        [
            Self::Cut,
            Self::Damaged,
            Self::Trailing,
            Self::NoFile,
            Self::SeveralFiles(3),
            Self::Encrypted,
            Self::Method(9),
            Self::Split,
            Self::Window,
            Self::Dictionary,
        ]
    }
}
