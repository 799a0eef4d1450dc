//! What went wrong in a deploy, and what to do: the words of CloudFormation's event are all that
//! whoever deploys gets to see.

use aws::ErrorKind;
use lambda::{Failure, StartError, chain};
use postgres::{Barrier, Error, Settings};

/// The secret, or another setting.
pub fn on_settings(error: StartError) -> Failure {
    let todo = match &error {
        StartError::Unreadable(cause) => on_secret(cause),
        _ => return error.into(),
    };
    format!("{}: {todo}", chain(&error)).into()
}

fn on_secret(cause: &aws::Error) -> &'static str {
    let words = cause.to_string();
    if cause.kind == ErrorKind::Passing {
        "Secrets Manager is not reached from SubnetIds: they need a NAT gateway, or an endpoint \
         `secretsmanager` whose security group admits port 443 from SecurityGroupIds"
    } else if words.contains("KMS") {
        "it is encrypted with a key of your own: give that key as DatabaseSecretKeyArn, and let the \
         key's policy admit roles of this account"
    } else {
        "give the whole ARN of a secret of this account and region, its last six characters included"
    }
}

/// The way to a session. An error that may be anything is told as it is.
pub fn on_database(error: Error, settings: &Settings) -> Failure {
    match error.barrier() {
        Some(barrier) => format!("{error}: {}", on_barrier(barrier, settings)).into(),
        None => error.into(),
    }
}

fn on_barrier(barrier: Barrier, settings: &Settings) -> String {
    let Settings {
        host,
        port,
        database,
        user,
        ..
    } = settings;
    match barrier {
        Barrier::SignIn => format!(
            "give the secret of this server as DatabaseSecretArn, with the password of `{user}`, and \
             no DatabaseUser unless the secret has another user's name"
        ),
        Barrier::NoDatabase => format!(
            "say CREATE DATABASE {database} OWNER {user} as the main user of the server, or give \
             another DatabaseName"
        ),
        Barrier::Full => {
            "all sessions are taken: take a larger server, or a smaller MaximumConcurrency".to_owned()
        }
        Barrier::NoSuchHost => format!(
            "there is no `{host}`: give the endpoint that RDS shows as DatabaseHost, and SubnetIds of \
             its network"
        ),
        Barrier::Silent => format!(
            "`{host}` does not answer: its security group must admit port {port} from \
             SecurityGroupIds, and SubnetIds must be of its network"
        ),
        Barrier::Closed => format!("nobody listens at port {port} of `{host}`: look at DatabasePort"),
        Barrier::OtherName => format!(
            "`{host}` is an alias: give the endpoint that RDS shows as DatabaseHost, which is the \
             name in the server's certificate"
        ),
        Barrier::OtherRoot => {
            "the roots of this region are not built in: give yours as DatabaseRootsArn (docs/deploy.md)"
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postgres::Tls;

    fn settings() -> Settings {
        Settings {
            host: "db.example.org".into(),
            port: 6000,
            database: "rows".into(),
            user: "owner".into(),
            password: "not-to-be-told".into(),
            tls: Tls::VerifyFull,
            roots: None,
            application_name: "test".into(),
        }
    }

    /// What each must name for somebody to know where to look.
    #[test]
    fn every_barrier_says_what_to_change() {
        for (barrier, named) in [
            (Barrier::SignIn, "DatabaseSecretArn"),
            (Barrier::SignIn, "`owner`"),
            (Barrier::NoDatabase, "CREATE DATABASE rows OWNER owner"),
            (Barrier::Full, "MaximumConcurrency"),
            (Barrier::NoSuchHost, "DatabaseHost"),
            (Barrier::Silent, "port 6000 from SecurityGroupIds"),
            (Barrier::Closed, "DatabasePort"),
            (Barrier::OtherName, "alias"),
            (Barrier::OtherRoot, "DatabaseRootsArn"),
        ] {
            let words = on_barrier(barrier, &settings());
            assert!(words.contains(named), "{barrier:?}: {words}");
            assert!(!words.contains("not-to-be-told"), "{barrier:?}");
        }
    }

    fn unreadable(kind: ErrorKind, words: &'static str) -> String {
        let cause = std::io::Error::other(words);
        let cause = aws::Error {
            kind,
            ..aws::Error::new("reading a secret", cause)
        };
        on_settings(StartError::Unreadable(cause)).to_string()
    }

    #[test]
    fn a_secret_that_is_not_read_says_what_to_change() {
        for (kind, words, named) in [
            (
                ErrorKind::Passing,
                "dispatch failure",
                "endpoint `secretsmanager`",
            ),
            (
                ErrorKind::Refused,
                "Access to KMS is not allowed",
                "DatabaseSecretKeyArn",
            ),
            (
                ErrorKind::Refused,
                "ResourceNotFoundException",
                "the whole ARN",
            ),
        ] {
            let said = unreadable(kind, words);
            assert!(said.contains(named) && said.contains(words), "{said}");
        }
    }
}
