use domain::import::Import;
use jiff::Timestamp;

/// What the clock says to an import: the time. In a trial that is in a hurry, the time since its
/// last progress passes that much faster.
pub(crate) fn now(import: &Import) -> Timestamp {
    let now = Timestamp::now();
    let silence = now.duration_since(import.progressed_at);
    let hurried = silence
        .checked_mul(trial::hurry())
        .and_then(|silence| import.progressed_at.checked_add(silence).ok());
    hurried.unwrap_or(now)
}
