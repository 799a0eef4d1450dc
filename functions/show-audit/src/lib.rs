//! `GET /collect/audit/`: who did what, the latest first. Acts on the account come from DynamoDB,
//! where `auth` writes them down, and acts on imports and exports from PostgreSQL, where each is
//! written in its own transaction.

use aws::audit::{Audit, Entry};
use contracts::http::audit::AuditEntry;
use domain::audit::{Position, merged};
use domain::limits::AUDIT_PAGE;
use lambda::http::query::{self, Links};
use lambda::http::{FieldErrors, Refusal, Request, Response, Route, Verb, allow, respond, route};
use lambda::user::Users;
use lambda::{Failure, Role, settings};
use postgres::Database;
use postgres::acts::{self, Act};

const NO_CURSOR: &str = "Invalid cursor.";

/// Answers requests for what was done.
pub struct App {
    users: Users,
    database: Database,
    audit: Audit,
    links: Links,
}

impl App {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        Ok(Self {
            users: Users::from_environment(&config).await?,
            database: lambda::database("show-audit", Role::Reader, &config).await?,
            audit: Audit::new(&config, settings::required("AUDIT_TABLE")?),
            links: Links::from_environment(),
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        match route(&request)?.0 {
            Route::Audit => self.list(&request).await,
            _ => Err(Refusal::NotFound),
        }
    }

    async fn list(&self, request: &Request) -> Result<Response, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        if allow(request, Route::Audit)? == Verb::Options {
            return Ok(respond::options(Route::Audit));
        }
        let before = position(query::last(request, "cursor"))?;
        let limit = query::page(request, AUDIT_PAGE).limit;
        let one_more = i32::try_from(limit + 1)?;
        let of_account = self.audit.before(owner, before, one_more).await?;
        let of_work = self
            .database
            .run(async |client| acts::before(client, owner, before, one_more.into()).await)
            .await?;
        let of_account = of_account.into_iter().map(|(at, it)| (at, account(at, it)));
        let of_work = of_work.into_iter().map(|(at, it)| (at, work(at, it)));
        let limit_as_size = usize::try_from(limit)?;
        let (results, next) = merged(of_account.collect(), of_work.collect(), limit_as_size);
        let next = next.map(|it| it.encode());
        let known = ["cursor"];
        Ok(self
            .links
            .forward_listing(request, &known, limit, next, results))
    }
}

/// The position after which the page begins.
fn position(cursor: Option<String>) -> Result<Option<Position>, Refusal> {
    let Some(text) = cursor.filter(|it| !it.trim().is_empty()) else {
        return Ok(None);
    };
    match Position::decode(&text) {
        Some(position) => Ok(Some(position)),
        None => Err(Refusal::Fields(FieldErrors::one("cursor", NO_CURSOR))),
    }
}

fn account(position: Position, entry: Entry) -> AuditEntry {
    AuditEntry {
        at: position.at,
        kind: "account",
        act: entry.act,
        of: None,
        detail: entry.detail,
        address: entry.address,
        request_id: entry.request_id,
    }
}

fn work(position: Position, act: Act) -> AuditEntry {
    AuditEntry {
        at: position.at,
        kind: act.kind.as_str(),
        act: act.state,
        of: act.of,
        detail: None,
        address: None,
        request_id: None,
    }
}
