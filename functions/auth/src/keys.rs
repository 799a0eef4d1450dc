//! `/auth/keys/`: the API keys of a user are made, listed and revoked.

mod request;

use std::cmp::Reverse;

use contracts::http::api_keys::ApiKeyObject;
use contracts::http::listing::Listing;
use domain::api_key::{self, Digest, KeptKey, SECRET_BYTES};
use domain::audit::Act;
use domain::quota::{Exceeded, Quota};
use jiff::Timestamp;
use lambda::http::{
    Refusal, Request, Response, Route, Unauthorized, Verb, allow, body, number, respond,
};
use lambda::user::User;

use crate::acts::Source;
use crate::{App, current_password};
use request::NewKey;

impl App {
    /// `/auth/keys/`
    pub(crate) async fn keys(&self, request: Request) -> Result<Response, Refusal> {
        let user = self.users.signed_in(&request).await?;
        match allow(&request, Route::ApiKeys)? {
            Verb::Options => Ok(respond::options(Route::ApiKeys)),
            Verb::Post => self.make_key(&user, request).await,
            _ => self.list_keys(&user).await,
        }
    }

    /// `/auth/keys/{id}/`
    pub(crate) async fn key(&self, request: &Request, id: &str) -> Result<Response, Refusal> {
        let user = self.users.signed_in(request).await?;
        if allow(request, Route::ApiKey)? == Verb::Options {
            return Ok(respond::options(Route::ApiKey));
        }
        let number = i64::from(number(id)?);
        if self.users.accounts().revoke_key(user.id, number).await? {
            let (source, detail) = (self.source(request), Some(format!("key {number}")));
            self.acts
                .note(Act::KeyRevoked, &user, &source, detail)
                .await;
            Ok(respond::no_content())
        } else {
            Err(Refusal::NotFound)
        }
    }

    /// All of them, the newest first: there are few.
    async fn list_keys(&self, user: &User) -> Result<Response, Refusal> {
        let found = self.users.accounts().by_id(user.id).await?;
        let found = found.ok_or(Unauthorized::UserNotFound)?;
        let mut results: Vec<ApiKeyObject> = found
            .api_keys
            .iter()
            .map(|(number, kept)| ApiKeyObject::new(user.id, *number, kept))
            .collect();
        results.sort_unstable_by_key(|it| Reverse(it.id));
        let listing = Listing {
            count: Some(i64::try_from(results.len())?),
            next: None,
            previous: None,
            results,
            warnings: Vec::new(),
        };
        Ok(respond::json(200, &listing))
    }

    /// The answer is the only place where the key itself is ever to be seen.
    async fn make_key(&self, user: &User, request: Request) -> Result<Response, Refusal> {
        let now = request::in_seconds(Timestamp::now());
        let source = self.source(&request);
        let content = body::read(request).await?;
        let asked = NewKey::read(content.fields()?, now)?;
        self.confirm(user, asked.current_password.clone(), &source)
            .await?;
        let accounts = self.users.accounts();
        let number = accounts.next_key_number(user.id).await?;
        let number = number.ok_or(Unauthorized::UserNotFound)?;
        let text = api_key::write(user.id, number, &rand::random::<[u8; SECRET_BYTES]>());
        let key = KeptKey {
            name: asked.name,
            access: asked.access,
            digest: Digest::of(&text),
            created_at: now,
            expires_at: asked.expires_at,
        };
        if !accounts.keep_key(user.id, number, &key).await? {
            return Err(too_many());
        }
        let detail = Some(format!("key {number}, to {}", key.access));
        self.acts.note(Act::KeyMade, user, &source, detail).await;
        let made = ApiKeyObject::new(user.id, number, &key).with_key(text);
        Ok(respond::json(201, &made))
    }

    /// Asks for the password once more: an access token that is stolen is good for half an hour, and
    /// must not become a key that is good for a year.
    async fn confirm(&self, user: &User, password: String, source: &Source) -> Result<(), Refusal> {
        let account = current_password::account(&self.users, user).await?;
        match current_password::is_of(self, password, &account, source).await? {
            true => Ok(()),
            false => Err(current_password::invalid()),
        }
    }
}

fn too_many() -> Refusal {
    let quota = Quota::ApiKeys;
    Refusal::OverQuota(Exceeded {
        quota,
        used: quota.usual(),
        wanted: 1,
        allowed: quota.usual(),
        leaving: false,
    })
}
