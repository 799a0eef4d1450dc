//! `sam deploy` of the stage to the emulator, unless this very thing is deployed already.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::database::ROLES;
use crate::progress::Phase;
use crate::requirements::SAM;
use crate::services::Life;
use crate::stack::Stack;
use crate::{cloud, emulator, log_file, paths};

const SECRET: &str = "collect/database";

/// Seconds of a worker where faults are put in: a chunk takes a tenth of a second there, a worker's
/// start on a busy machine a second.
pub const TRIAL_CHUNK_TIMEOUT: u32 = 5;

/// Here everybody comes from one address, and is the whole world.
const LIMITS_OF_ADDRESSES: [&str; 6] = [
    "FailedSignInsFromAddress",
    "SignUpsFromAddress",
    "RequestsPerSecond",
    "RequestsAtOnce",
    "SignInsPerSecond",
    "SignInsAtOnce",
];
const UNLIMITED: u32 = 1_000_000;

/// More than a user of the tests makes requests with a password at one moment.
const FAILED_SIGN_INS_OF_USER: u32 = 40;
/// Quotas of stacks on which a few users do the work of many.
const FOR_FEW_USERS: [&str; 5] = [
    "ImportsOpenAtMost=1000",
    "GibUnderWayAtMost=1000",
    "GibStoredAtMost=10000",
    "ExportsADayAtMost=1000000",
    "ExportsKeptAtMost=1000000",
];

/// The outputs of the deployed stack, deployed now if anything has changed.
pub fn deploy(stack: &Stack, life: &Life, stage_digest: &str, public_url: &str) -> Result<Value> {
    let digest = digest(life, stage_digest, public_url);
    if std::fs::read_to_string(deployed_file(stack)).is_ok_and(|before| before == digest) {
        return read_outputs(stack);
    }
    let phase = Phase::start("Deploying template.yaml to the local cloud");
    let first = !outputs_file(stack).exists();
    sam_deploy(stack, life, public_url).inspect_err(|_| give_up(stack, life, first))?;
    let outputs = cloud::outputs(&life.endpoint(), stack.name)?;
    std::fs::write(outputs_file(stack), outputs.to_string()).context("outputs")?;
    std::fs::write(deployed_file(stack), digest).context("deployed")?;
    phase.done();
    Ok(outputs)
}

fn digest(life: &Life, stage_digest: &str, public_url: &str) -> String {
    paths::hex(&Sha256::digest(format!(
        "{}\n{}\n{stage_digest}\n{public_url}",
        life.id, life.database
    )))
}

fn deployed_file(stack: &Stack) -> PathBuf {
    stack.life().join("deployed")
}

fn outputs_file(stack: &Stack) -> PathBuf {
    stack.life().join("outputs.json")
}

fn read_outputs(stack: &Stack) -> Result<Value> {
    let text = std::fs::read_to_string(outputs_file(stack)).context("outputs")?;
    serde_json::from_str(&text).context("outputs")
}

fn sam_deploy(stack: &Stack, life: &Life, public_url: &str) -> Result<()> {
    let log = stack.log("deploy");
    let file = File::create(&log).with_context(|| log.display().to_string())?;
    let errors = file
        .try_clone()
        .with_context(|| log.display().to_string())?;
    let mut command = sam(&life.endpoint())?;
    command.args([
        "deploy",
        "--stack-name",
        stack.name,
        "--resolve-s3",
        "--no-confirm-changeset",
    ]);
    command.args(["--no-fail-on-empty-changeset", "--no-progressbar"]);
    command.args([
        "--capabilities",
        "CAPABILITY_IAM",
        "CAPABILITY_AUTO_EXPAND",
        "--template-file",
    ]);
    command
        .arg(stack.stage().join("template.yaml"))
        .arg("--parameter-overrides");
    command.args(parameters(stack, life, public_url)?);
    let status = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .status()
        .context("sam")?;
    if status.success() {
        return Ok(());
    }
    Err(anyhow!(
        "sam deploy failed: {} (all of it in {})",
        reason(&log),
        log.display()
    ))
}

fn parameters(stack: &Stack, life: &Life, public_url: &str) -> Result<Vec<String>> {
    let database = &life.database;
    let secret = put_secret(life, SECRET, &database.user)?;
    let tls = if database.is_loopback() {
        "disable"
    } else {
        "verify-full"
    };
    let trial = stack.trial.as_ref();
    let port = trial.and_then(|it| it.database_port);
    let mut parameters = vec![
        format!("DatabaseHost={}", database.host),
        format!("DatabasePort={}", port.unwrap_or(database.port)),
        format!("DatabaseName={}", database.name),
        format!("DatabaseSecretArn={secret}"),
        format!("DatabaseTls={tls}"),
        format!("PublicUrl={public_url}"),
        // The emulator speaks plain HTTP.
        "RequireTls=false".to_owned(),
        // So that a file as large as the demo's is enough to be asked about.
        "ExportConfirmAbove=50000".to_owned(),
    ];
    parameters.extend(LIMITS_OF_ADDRESSES.map(|it| format!("{it}={UNLIMITED}")));
    let of_user = FAILED_SIGN_INS_OF_USER;
    parameters.push(format!("FailedSignInsOfUserFromAddress={of_user}"));
    // An empty value is none that can be passed.
    if !stack.allowed_origins.is_empty() {
        parameters.push(format!("AllowedOrigins={}", stack.allowed_origins));
    }
    parameters.extend(roles(life)?);
    if stack.has_few_users {
        parameters.extend(FOR_FEW_USERS.map(str::to_owned));
    }
    parameters.extend(match trial {
        // A machine of a few cores gains nothing from sixteen workers, and a cancel finds the
        // import half-way.
        None => vec!["MaximumConcurrency=2".to_owned()],
        // Faults pass sooner; workers meet each other.
        Some(_) => vec![
            "MaximumConcurrency=4".to_owned(),
            format!("ChunkTimeout={TRIAL_CHUNK_TIMEOUT}"),
            format!("ChunkVisibility={}", 6 * TRIAL_CHUNK_TIMEOUT),
        ],
    });
    Ok(parameters)
}

/// The secrets of the roles beside the owner. On a server that is not ours the owner does everything:
/// its roles, if it has any, are not ours to change.
fn roles(life: &Life) -> Result<Vec<String>> {
    if life.is_given() {
        return Ok(Vec::new());
    }
    let parameters = ["WorkerSecretArn", "MakerSecretArn", "ReaderSecretArn"];
    let mut given = Vec::new();
    for (role, parameter) in ROLES.into_iter().zip(parameters) {
        let user = life.database.role(role);
        let secret = put_secret(life, &format!("{SECRET}-{role}"), &user)?;
        given.push(format!("{parameter}={secret}"));
    }
    Ok(given)
}

fn put_secret(life: &Life, name: &str, user: &str) -> Result<String> {
    let login = json!({"username": user, "password": life.database.password});
    cloud::put_secret(&life.endpoint(), name, &login.to_string())
}

/// SAM, able to reach the emulator and nothing else.
pub fn sam(endpoint: &str) -> Result<Command> {
    let mut command = Command::new(SAM.program("sam"));
    command
        .env("SAM_CLI_TELEMETRY", "0")
        .current_dir(paths::root());
    emulator::confine(&mut command, endpoint)?;
    Ok(command)
}

/// The first thing that failed, in CloudFormation's words.
fn reason(log: &std::path::Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let failed = text.lines().find(|line| line.contains("_FAILED"));
    failed.map_or_else(
        || log_file::last_line(log),
        |line| line.split_whitespace().collect::<Vec<_>>().join(" "),
    )
}

/// Keeps what the functions said; a stack whose first deploy failed takes no second one.
fn give_up(stack: &Stack, life: &Life, first: bool) {
    if let Ok(said) = cloud::logs(&life.endpoint(), "") {
        let _ = std::fs::write(stack.log("functions"), said);
    }
    if first {
        let _ = crate::services::end(stack);
    }
}
