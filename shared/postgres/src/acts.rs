//! What users did with imports and exports: those of their [events](crate::events) that are their own.

use domain::audit::{Position, Source};
use domain::paging::change::Kind;
use jiff::Timestamp;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::Error;

/// What a user did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// With what.
    pub kind: Kind,
    /// The state that it came to by it.
    pub state: String,
    /// Which one: `team/12`, or `exports/3`.
    pub of: Option<String>,
}

/// What an owner did before a position, the latest first: so many at most. The index has exactly
/// these events, so what the functions do costs nothing here.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn before(
    client: &Client,
    owner: Uuid,
    position: Option<Position>,
    at_most: i64,
) -> Result<Vec<(Position, Act)>, Error> {
    const SQL: &str = "SELECT e.uid, e.number, e.kind, e.at, e.state, \
            coalesce(i.dataset || '/' || i.number, 'exports/' || x.number) AS which \
        FROM (SELECT uid, number, kind, at, state FROM import_event \
            WHERE owner = $1 AND actor = 'user' \
                AND (at, uid, number) < (coalesce($2, 'infinity'::timestamptz), $3, $4) \
            ORDER BY at DESC, uid DESC, number DESC LIMIT $5) AS e \
        LEFT JOIN import i ON e.kind = 'import' AND i.uid = e.uid AND i.owner = $1 \
        LEFT JOIN export x ON e.kind = 'export' AND x.uid = e.uid AND x.owner = $1 \
        ORDER BY e.at DESC, e.uid DESC, e.number DESC";
    let at = position.map(|it| it.at);
    // Of the same time, an act on the account comes after every one on imports.
    let (uid, number) = match position {
        Some(position) if position.source == Source::Work => (position.id, position.number),
        _ => (Uuid::nil(), 0),
    };
    let rows = client
        .query(SQL, &[&owner, &at, &uid, &number, &at_most])
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<(Position, Act), Error> {
    let at: Timestamp = row.try_get("at")?;
    let position = Position {
        at,
        source: Source::Work,
        id: row.try_get("uid")?,
        number: row.try_get("number")?,
    };
    let kind: String = row.try_get("kind")?;
    let act = Act {
        kind: match kind.as_str() {
            "export" => Kind::Export,
            _ => Kind::Import,
        },
        state: row.try_get("state")?,
        of: row.try_get("which")?,
    };
    Ok((position, act))
}
