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

/// Whether the hash was made from this password.
pub async fn fits(password: String, hash: String) -> Result<bool, Failure> {
    let work = move || {
        let hash = PasswordHash::new(&hash).map_err(password_hash::Error::from)?;
        match Argon2::default().verify_password(password.as_bytes(), &hash) {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(error),
        }
    };
    Ok(spawn_blocking(work).await??)
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
    async fn every_hash_has_its_own_salt() {
        let one = hash("12ab34cd".into()).await.unwrap();
        let other = hash("12ab34cd".into()).await.unwrap();
        assert_ne!(one, other);
    }
}
