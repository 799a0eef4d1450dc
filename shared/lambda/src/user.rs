//! Who sent a request.

use aws::SdkConfig;
use aws::accounts::Accounts;
pub use aws::accounts::User;
use jiff::Timestamp;

use crate::Failure;
use crate::http::{Refusal, Request, Unauthorized};
use crate::settings;
use crate::tokens::{Checked, Keys, TokenError, TokenType};

/// Recognises users by the access token in the Authorization header.
pub struct Users {
    keys: Keys,
    accounts: Accounts,
}

impl Users {
    /// Keys and accounts that SIGNING_SECRET_ARN and ACCOUNTS_TABLE name.
    ///
    /// # Errors
    /// A setting is missing, or the secret cannot be read.
    pub async fn from_environment(config: &SdkConfig) -> Result<Self, Failure> {
        let keys = Keys::from_environment(config).await?;
        let accounts = Accounts::new(config, settings::required("ACCOUNTS_TABLE")?);
        Ok(Self::new(keys, accounts))
    }

    /// Users of these accounts, their tokens signed with these keys.
    pub fn new(keys: Keys, accounts: Accounts) -> Self {
        Self { keys, accounts }
    }

    /// The accounts, for the function that signs users up and in.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The keys, for the function that issues tokens.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The user whose access token the request carries.
    ///
    /// # Errors
    /// 401 in the words of the case, or 500 if the accounts cannot be read.
    pub async fn signed_in(&self, request: &Request) -> Result<User, Refusal> {
        let token = checked(request, &self.keys, Timestamp::now())?;
        let user = self.accounts.by_id(token.user_id).await?;
        Ok(still_valid(user, token.issued_at)?)
    }
}

/// The user, if they exist and have not ended their tokens since this second.
fn still_valid(user: Option<User>, issued_at: i64) -> Result<User, Unauthorized> {
    match user {
        None => Err(Unauthorized::UserNotFound),
        Some(user) if user.has_ended(issued_at) => Err(Unauthorized::TokenBlacklisted),
        Some(user) => Ok(user),
    }
}

/// What a request's access token says.
fn checked(request: &Request, keys: &Keys, now: Timestamp) -> Result<Checked, Unauthorized> {
    let header = request.headers().get("authorization");
    let token = bearer(header.map_or(b"", |value| value.as_bytes()))?;
    keys.check(token, TokenType::Access, now)
        .map_err(|error| match error {
            TokenError::Invalid => Unauthorized::TokenInvalid,
            TokenError::WrongType => Unauthorized::TokenOfWrongType,
            TokenError::NoUser => Unauthorized::TokenWithoutUser,
        })
}

/// The token in `Bearer <token>`. Another scheme counts as no credentials at all.
fn bearer(header: &[u8]) -> Result<&[u8], Unauthorized> {
    let mut words = header
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    if words.next() != Some(b"Bearer") {
        return Err(Unauthorized::NoCredentials);
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token),
        _ => Err(Unauthorized::BadHeader),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn noon() -> Timestamp {
        "2026-01-01T12:00:00Z".parse().unwrap()
    }

    fn asked_with(authorization: &str) -> Result<i64, Unauthorized> {
        let mut request = Request::default();
        let value = authorization.parse().unwrap();
        request.headers_mut().insert("authorization", value);
        user_id(&request)
    }

    fn user_id(request: &Request) -> Result<i64, Unauthorized> {
        let checked = checked(request, &Keys::new(SECRET).unwrap(), noon());
        checked.map(|it| it.user_id)
    }

    fn token(token_type: TokenType) -> String {
        let keys = Keys::new(SECRET).unwrap();
        keys.issue(token_type, 7, noon()).unwrap()
    }

    #[test]
    fn signed_in_and_not() {
        let access = token(TokenType::Access);
        let refresh = token(TokenType::Refresh);
        #[rustfmt::skip]
        let table = [
            (format!("Bearer {access}"), Ok(7)),
            (format!("  Bearer \t {access} "), Ok(7)),
            (String::new(), Err(Unauthorized::NoCredentials)),
            (format!("bearer {access}"), Err(Unauthorized::NoCredentials)),
            ("Basic YTpi".into(), Err(Unauthorized::NoCredentials)),
            (access.clone(), Err(Unauthorized::NoCredentials)),
            ("Bearer".into(), Err(Unauthorized::BadHeader)),
            (format!("Bearer {access} {access}"), Err(Unauthorized::BadHeader)),
            ("Bearer abc".into(), Err(Unauthorized::TokenInvalid)),
            (format!("Bearer {refresh}"), Err(Unauthorized::TokenOfWrongType)),
        ];
        for (header, expected) in table {
            assert_eq!(asked_with(&header), expected, "{header}");
        }
        let anonymous = user_id(&Request::default());
        assert_eq!(anonymous, Err(Unauthorized::NoCredentials));
    }

    #[test]
    fn tokens_end_with_their_user_and_before() {
        let user = |tokens_valid_from| User {
            id: 7,
            owner: uuid::Uuid::from_u128(42),
            username: "ada".into(),
            tokens_valid_from,
        };
        let found = |user, issued_at| still_valid(user, issued_at).map(|it| it.id);
        assert_eq!(found(Some(user(0)), 1), Ok(7));
        assert_eq!(found(Some(user(100)), 100), Ok(7));
        let ended = Err(Unauthorized::TokenBlacklisted);
        assert_eq!(found(Some(user(100)), 99), ended);
        assert_eq!(found(None, 100), Err(Unauthorized::UserNotFound));
    }
}
