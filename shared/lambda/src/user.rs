//! Who sent a request.

mod api_key;

use aws::SdkConfig;
use aws::accounts::{self, Accounts};
use domain::api_key::KeyAccess;
use jiff::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::http::{Asker, Refusal, Request, Unauthorized};
use crate::settings;
use crate::tokens::{Checked, Keys, Policy, TokenError, TokenType};

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// What tokens and API keys carry.
    pub id: i64,
    /// Random; what imports are owned by. Never shown.
    pub owner: Uuid,
    /// Unique, case-sensitive.
    pub username: String,
    /// How they are known.
    pub by: SignedInBy,
    /// How many API keys they have, those that have expired included.
    pub api_keys: usize,
}

/// What a user is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedInBy {
    /// An access token: somebody gave the password in the last day.
    Token,
    /// An API key.
    Key {
        /// Its number among the keys of the user.
        number: i64,
        /// What it may be used for.
        access: KeyAccess,
    },
}

impl User {
    fn new(user: accounts::User, by: SignedInBy) -> Self {
        Self {
            id: user.id,
            owner: user.owner,
            api_keys: user.api_keys.len(),
            username: user.username,
            by,
        }
    }
}

/// Recognises users by the access token or the API key in the Authorization header.
pub struct Users {
    keys: Keys,
    accounts: Accounts,
}

impl Users {
    /// The accounts that ACCOUNTS_TABLE names, and what tokens are checked with.
    ///
    /// # Errors
    /// A setting is missing, or a secret cannot be read.
    pub async fn from_environment(config: &SdkConfig) -> Result<Self, Failure> {
        let accounts = Accounts::new(config, settings::required("ACCOUNTS_TABLE")?);
        let keys = Keys::checking(config, &accounts, Policy::from_environment()?).await?;
        Ok(Self::new(keys, accounts))
    }

    /// The same with keys that sign, for `auth` alone: no other role may read them.
    ///
    /// # Errors
    /// A setting is missing, a secret cannot be read, or no function would know the signing key.
    pub async fn issuing_from_environment(config: &SdkConfig) -> Result<Self, Failure> {
        let accounts = Accounts::new(config, settings::required("ACCOUNTS_TABLE")?);
        let policy = Policy::from_environment()?;
        let keys = Keys::signing(config, &accounts, policy, Timestamp::now()).await?;
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

    /// The user whose access token the request carries, or whose API key, if the request is one
    /// that takes this key.
    ///
    /// # Errors
    /// 401 in the words of the case, or 500 if the accounts cannot be read. With an API key also
    /// 403, and before it 405.
    pub async fn signed_in(&self, request: &Request) -> Result<User, Refusal> {
        let now = Timestamp::now();
        if let Some(key) = api_key::sent(request) {
            return api_key::signed_in(&self.accounts, key, request, now).await;
        }
        let token = checked(request, &self.keys, now).await?;
        let user = self.accounts.by_id(token.user_id).await?;
        let user = still_valid(user, token.issued_at)?;
        Asker::of(request).is(user.id, user.owner);
        Ok(User::new(user, SignedInBy::Token))
    }
}

/// The user, if they exist and have not ended their tokens since this second.
fn still_valid(
    user: Option<accounts::User>,
    issued_at: i64,
) -> Result<accounts::User, Unauthorized> {
    match user {
        None => Err(Unauthorized::UserNotFound),
        Some(user) if user.has_ended(issued_at) => Err(Unauthorized::TokenBlacklisted),
        Some(user) => Ok(user),
    }
}

/// What a request's access token says.
async fn checked(request: &Request, keys: &Keys, now: Timestamp) -> Result<Checked, Refusal> {
    let token = bearer(request)?;
    let checked = keys.check(token, TokenType::Access, now).await;
    checked.map_err(|error| error.refusal(refused))
}

fn refused(error: TokenError) -> Unauthorized {
    match error {
        TokenError::Invalid => Unauthorized::TokenInvalid,
        TokenError::WrongType => Unauthorized::TokenOfWrongType,
        TokenError::NoUser => Unauthorized::TokenWithoutUser,
    }
}

/// The token in `Authorization: Bearer <token>`. Another scheme counts as no credentials at all.
fn bearer(request: &Request) -> Result<&[u8], Unauthorized> {
    let header = request.headers().get("authorization");
    let mut words = header
        .map_or(b"".as_slice(), |value| value.as_bytes())
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

    async fn asked(request: &Request) -> Result<i64, Unauthorized> {
        let keys = Keys::new(SECRET).unwrap();
        match checked(request, &keys, noon()).await {
            Ok(token) => Ok(token.user_id),
            Err(Refusal::Unauthorized(why)) => Err(why),
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn asked_with(authorization: &str) -> Result<i64, Unauthorized> {
        let mut request = Request::default();
        let value = authorization.parse().unwrap();
        request.headers_mut().insert("authorization", value);
        asked(&request).await
    }

    async fn token(token_type: TokenType) -> String {
        let keys = Keys::new(SECRET).unwrap();
        keys.issue(token_type, 7, noon()).await.unwrap()
    }

    #[tokio::test]
    async fn signed_in_and_not() {
        let access = token(TokenType::Access).await;
        let refresh = token(TokenType::Refresh).await;
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
            assert_eq!(asked_with(&header).await, expected, "{header}");
        }
        let anonymous = asked(&Request::default()).await;
        assert_eq!(anonymous, Err(Unauthorized::NoCredentials));
    }

    #[test]
    fn tokens_end_with_their_user_and_before() {
        let user = |tokens_valid_from| accounts::User {
            id: 7,
            owner: Uuid::from_u128(42),
            username: "ada".into(),
            tokens_valid_from,
            api_keys: std::collections::BTreeMap::new(),
        };
        let found = |user, issued_at| still_valid(user, issued_at).map(|it| it.id);
        assert_eq!(found(Some(user(0)), 1), Ok(7));
        assert_eq!(found(Some(user(100)), 100), Ok(7));
        let ended = Err(Unauthorized::TokenBlacklisted);
        assert_eq!(found(Some(user(100)), 99), ended);
        assert_eq!(found(None, 100), Err(Unauthorized::UserNotFound));
    }
}
