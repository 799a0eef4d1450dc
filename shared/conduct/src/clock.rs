use jiff::Timestamp;

/// The time, for an import or an export whose last progress was at `progressed_at`. In a trial that
/// is in a hurry, the time since then passes that many times faster.
pub(crate) fn now(progressed_at: Timestamp) -> Timestamp {
    let now = Timestamp::now();
    let silence = now.duration_since(progressed_at);
    let hurried = silence
        .checked_mul(trial::hurry())
        .and_then(|silence| progressed_at.checked_add(silence).ok());
    hurried.unwrap_or(now)
}
