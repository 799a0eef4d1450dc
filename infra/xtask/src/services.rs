//! Emulator and database: they start empty together and die together, so that ids of one life
//! never meet rows of another.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use fs_err as fs;

use crate::database::{Database, random_password};
use crate::env_file::{self, Variables};
use crate::progress::Phase;
use crate::stack::Stack;
use crate::{emulator, files, ports, postgres};

/// What a life is known by. `given` is the server that DATABASE_URL names, if it names one.
pub struct Life {
    pub id: String,
    pub emulator_port: u16,
    pub database: Database,
    given: Option<Database>,
}

impl Life {
    pub fn endpoint(&self) -> String {
        emulator::endpoint(self.emulator_port)
    }

    /// Whether the server is that of DATABASE_URL.
    pub fn is_given(&self) -> bool {
        self.given.is_some()
    }

    fn save(&self, stack: &Stack) -> Result<()> {
        let mut record: Variables = vec![
            ("ID".into(), self.id.clone()),
            ("EMULATOR_PORT".into(), self.emulator_port.to_string()),
            ("DATABASE".into(), self.database.to_string()),
        ];
        record.extend(
            self.given
                .iter()
                .map(|given| ("GIVEN".into(), given.to_string())),
        );
        env_file::write(&record_file(stack), &record)
    }

    fn load(stack: &Stack) -> Result<Self> {
        let record = env_file::read(&record_file(stack))?;
        let get = |key| env_file::get(&record, key);
        Ok(Self {
            id: get("ID")?.to_owned(),
            emulator_port: get("EMULATOR_PORT")?.parse().context("EMULATOR_PORT")?,
            database: Database::parse(get("DATABASE")?)?,
            given: get("GIVEN").ok().map(Database::parse).transpose()?,
        })
    }
}

fn record_file(stack: &Stack) -> PathBuf {
    stack.life().join("record")
}

/// The server DATABASE_URL names; the pinned one of the wheel without it.
pub fn given_server() -> Result<Option<Database>> {
    let url = std::env::var("DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty());
    url.as_deref().map(Database::parse).transpose()
}

/// Says early what would keep a new life from beginning.
pub fn demand_port(stack: &Stack) -> Result<()> {
    match stack.fixed_ports {
        Some((_, port)) if !emulator::kept(stack).is_running() => {
            ports::demand_free(port).map(drop)
        }
        _ => Ok(()),
    }
}

/// The life that is running, or a new one if any part of it has died.
pub fn ensure(stack: &Stack) -> Result<Life> {
    let given = given_server()?;
    match Life::load(stack) {
        Ok(life) if life.given == given && is_alive(stack, &life) => Ok(life),
        _ => begin(stack, given),
    }
}

/// The life that is running; an error if there is none.
pub fn running(stack: &Stack) -> Result<Life> {
    Life::load(stack)
}

pub fn is_alive(stack: &Stack, life: &Life) -> bool {
    emulator::kept(stack).is_running() && (life.is_given() || postgres::kept(stack).is_running())
}

fn begin(stack: &Stack, given: Option<Database>) -> Result<Life> {
    end(stack)?;
    let phase = Phase::start("Starting PostgreSQL and the local cloud");
    let emulator_port = match stack.fixed_ports {
        Some((_, port)) => ports::demand_free(port)?,
        None => ports::free()?,
    };
    fs::create_dir_all(stack.life())?;
    let database = match &given {
        Some(server) => server.create_beside()?,
        None => postgres::start(stack)?,
    };
    let life = Life {
        id: random_password()?,
        emulator_port,
        database,
        given,
    };
    life.save(stack)?;
    emulator::start(stack, emulator_port)?;
    phase.done();
    Ok(life)
}

/// Ends both and forgets everything of that life.
pub fn end(stack: &Stack) -> Result<()> {
    emulator::stop(stack)?;
    drop_created(stack);
    postgres::stop(stack)?;
    files::remove_folder(&stack.life())
}

/// Best effort: a server that is not ours may be gone by now.
fn drop_created(stack: &Stack) {
    let Ok(Life {
        database,
        given: Some(server),
        ..
    }) = Life::load(stack)
    else {
        return;
    };
    if let Err(error) = server.drop_created(&database) {
        eprintln!("could not drop database {}: {error:#}", database.name);
    }
}
