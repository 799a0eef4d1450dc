//! How tokens are signed and checked. A stack that has signed with HS256 comes to EdDSA in stages:
//! docs/deploy.md.

use crate::settings::{self, SettingError};

/// What new tokens are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignWith {
    /// A secret that everyone needs who checks a token.
    Hs256,
    /// A signing key whose public half is in the key ring.
    EdDsa,
}

impl std::str::FromStr for SignWith {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "HS256" => Ok(SignWith::Hs256),
            "EdDSA" => Ok(SignWith::EdDsa),
            _ => Err("it is neither HS256 nor EdDSA"),
        }
    }
}

/// Who still takes tokens that were signed with HS256, and so may read its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckHs256 {
    /// Every function that knows users.
    Everyone,
    /// `auth`, and of them only refresh tokens.
    Auth,
    /// No function: the secret need not be there.
    Nobody,
}

impl std::str::FromStr for CheckHs256 {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "everyone" => Ok(CheckHs256::Everyone),
            "auth" => Ok(CheckHs256::Auth),
            "nobody" => Ok(CheckHs256::Nobody),
            _ => Err("it is none of everyone, auth, nobody"),
        }
    }
}

/// What the environment says of tokens.
#[derive(Clone, Debug)]
pub struct Policy {
    /// `iss` of tokens that are signed with EdDSA: the name of the stack.
    pub issuer: String,
    /// What new tokens are signed with.
    pub sign_with: SignWith,
    /// Who takes tokens that were signed with HS256.
    pub check_hs256: CheckHs256,
    /// Where the secret of HS256 is.
    pub hs256_secret_arn: Option<String>,
    /// Where the signing key is.
    pub signing_key_arn: Option<String>,
}

impl Policy {
    /// SIGN_WITH, CHECK_HS256, TOKEN_ISSUER, SIGNING_SECRET_ARN, SIGNING_KEY_ARN. Without the first
    /// three it is as before there were signing keys: in a deploy, this code may run for a moment in
    /// the environment of the version before.
    ///
    /// # Errors
    /// A setting is unusable.
    pub fn from_environment() -> Result<Self, SettingError> {
        let sign_with = settings::parsed_or("SIGN_WITH", SignWith::Hs256)?;
        let check_hs256 = settings::parsed_or("CHECK_HS256", CheckHs256::Everyone)?;
        Ok(Self {
            issuer: settings::optional("TOKEN_ISSUER").unwrap_or_default(),
            sign_with,
            check_hs256,
            hs256_secret_arn: settings::optional("SIGNING_SECRET_ARN"),
            signing_key_arn: settings::optional("SIGNING_KEY_ARN"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_template() {
        assert_eq!("HS256".parse(), Ok(SignWith::Hs256));
        assert_eq!("EdDSA".parse(), Ok(SignWith::EdDsa));
        assert_eq!("everyone".parse(), Ok(CheckHs256::Everyone));
        assert_eq!("auth".parse(), Ok(CheckHs256::Auth));
        assert_eq!("nobody".parse(), Ok(CheckHs256::Nobody));
        assert!("none".parse::<SignWith>().is_err());
        assert!("".parse::<CheckHs256>().is_err());
    }
}
