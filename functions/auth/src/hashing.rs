//! Passwords as argon2id hashes, made and checked off the async threads: each takes tens of
//! milliseconds of processor time and 19 MiB of memory (the crate's defaults, which are the least
//! that OWASP recommends).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use lambda::Failure;
use tokio::task::spawn_blocking;

/// The hash of a password as a PHC string, with a salt of its own.
pub async fn hash(password: String) -> Result<String, Failure> {
    let work = move || {
        let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
        Ok::<_, password_hash::Error>(hash.to_string())
    };
    Ok(spawn_blocking(work).await??)
}

/// Whether the hash was made from this password: as it was sent, or without the white space around
/// it, which was dropped before hashes were made of passwords as they are sent.
pub async fn fits(password: String, hash: String) -> Result<bool, Failure> {
    let work = move || {
        let hash = PasswordHash::new(&hash).map_err(password_hash::Error::from)?;
        any_form_fits(&password, |form| {
            match Argon2::default().verify_password(form.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            }
        })
    };
    Ok(spawn_blocking(work).await??)
}

/// Tries every form, also after one has fitted: how long it takes depends on what was sent, and
/// says nothing of the account.
fn any_form_fits<E>(
    password: &str,
    mut fits: impl FnMut(&str) -> Result<bool, E>,
) -> Result<bool, E> {
    let mut found = fits(password)?;
    let trimmed = password.trim();
    if trimmed != password {
        found |= fits(trimmed)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let hash = hash("12ab34cd".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("12ab34cd".into(), hash.clone()).await.unwrap());
        assert!(!fits("12ab34cD".into(), hash).await.unwrap());
        assert!(fits("x".into(), "no hash".into()).await.is_err());
    }

    #[tokio::test]
    async fn a_long_password_counts_to_its_last_character() {
        let long = "correct horse battery staple ".repeat(40);
        let hash = hash(format!("{long}a")).await.unwrap();
        assert!(fits(format!("{long}a"), hash.clone()).await.unwrap());
        assert!(!fits(format!("{long}b"), hash).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_fits_as_it_was_sent_and_as_it_was_kept_before() {
        let as_sent = hash("  padded zebra lamp ".into()).await.unwrap();
        let before = hash("padded zebra lamp".into()).await.unwrap();
        #[rustfmt::skip]
        let table = [
            ("  padded zebra lamp ", true, true),
            ("padded zebra lamp", false, true),
            (" padded zebra lamp ", false, true),
            ("padded  zebra lamp", false, false),
        ];
        for (sent, now, then) in table {
            let fits_now = fits(sent.into(), as_sent.clone()).await.unwrap();
            let fits_then = fits(sent.into(), before.clone()).await.unwrap();
            assert_eq!((fits_now, fits_then), (now, then), "{sent:?}");
        }
    }

    /// As many tries for a password that fits as for one that does not.
    #[test]
    fn the_work_depends_on_what_was_sent_alone() {
        for (sent, tries) in [("zebra", 1), (" zebra", 2), ("zebra\t", 2), ("ze bra", 1)] {
            for right in [sent, sent.trim(), "another"] {
                let mut tried = Vec::new();
                let fits = |form: &str| {
                    tried.push(form.to_owned());
                    Ok::<_, ()>(form == right)
                };
                let found = any_form_fits(sent, fits).unwrap();
                assert_eq!(
                    (found, tried.len()),
                    (right != "another", tries),
                    "{sent:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn every_hash_has_its_own_salt() {
        let one = hash("12ab34cd".into()).await.unwrap();
        let other = hash("12ab34cd".into()).await.unwrap();
        assert_ne!(one, other);
    }
}
