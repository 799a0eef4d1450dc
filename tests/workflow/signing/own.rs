//! A key's whole life, in a table and a secret of its own: made, rotated, ended, leaked; and the way
//! to it from HS256. The code of the functions, on the services of the local cloud.

use aws::SdkConfig;
use aws::accounts::Accounts;
use contracts::workflow::{Rotate, Rotated, Rotation, SigningKeyRequest};
use domain::limits::{OLD_SIGNING_KEY_KEPT_FOR, SIGNING_KEYS_READ_AGAIN_AFTER};
use jiff::{SignedDuration, Timestamp};
use lambda::tokens::{
    CheckError, CheckHs256, Keys, KeysError, Policy, SignWith, TokenError, TokenType,
};
use rotate_signing_key::RotateSigningKey;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::cloud;

const ISSUER: &str = "a-stack-of-its-own";
const USER: i64 = 7;

/// A table and a secret without a version of ours. They go with the local cloud.
struct Own {
    config: SdkConfig,
    table: String,
    secret_arn: String,
}

impl Own {
    async fn new() -> Self {
        let name = format!("signing-{}", Uuid::new_v4().simple());
        let (table, secret_arn) = tokio::task::spawn_blocking(move || {
            (create_table(&name), create_secret(&json!({"Name": name})))
        })
        .await
        .unwrap();
        let config = aws::config().await;
        Self {
            config,
            table,
            secret_arn,
        }
    }

    fn accounts(&self) -> Accounts {
        Accounts::new(&self.config, self.table.clone())
    }

    async fn rotate(&self, rotate: Rotation) -> Rotated {
        let (table, arn) = (self.table.clone(), self.secret_arn.clone());
        let function = RotateSigningKey::new(self.config.clone(), table, arn);
        let request = SigningKeyRequest::Rotate(Rotate { rotate });
        function.handle(request).await.unwrap().unwrap()
    }

    fn policy(&self) -> Policy {
        Policy {
            issuer: ISSUER.to_owned(),
            sign_with: SignWith::EdDsa,
            check_hs256: CheckHs256::Nobody,
            hs256_secret_arn: None,
            signing_key_arn: Some(self.secret_arn.clone()),
        }
    }

    /// The keys of `auth` after a cold start.
    async fn auth(&self) -> Keys {
        self.auth_with(self.policy()).await.unwrap()
    }

    async fn auth_with(&self, policy: Policy) -> Result<Keys, KeysError> {
        let now = Timestamp::now();
        Keys::signing(&self.config, &self.accounts(), policy, now).await
    }

    /// The keys of another function after a cold start.
    async fn other(&self) -> Keys {
        self.other_with(self.policy()).await
    }

    async fn other_with(&self, policy: Policy) -> Keys {
        let keys = Keys::checking(&self.config, &self.accounts(), policy).await;
        keys.unwrap()
    }

    /// The labels of the secret's versions.
    async fn labels(&self) -> Value {
        let body = json!({"SecretId": self.secret_arn});
        let described = tokio::task::spawn_blocking(move || {
            secrets("DescribeSecret", &body)["VersionIdsToStages"].clone()
        });
        described.await.unwrap()
    }
}

fn create_table(name: &str) -> String {
    let body = json!({
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let action = "DynamoDB_20120810.CreateTable";
    cloud::call_json(&cloud::operator(), "dynamodb", action, &body).expect(200);
    name.to_owned()
}

fn create_secret(body: &Value) -> String {
    secrets("CreateSecret", body)["ARN"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn secrets(action: &str, body: &Value) -> Value {
    let action = format!("secretsmanager.{action}");
    cloud::call_json(&cloud::operator(), "secretsmanager", &action, body).expect(200)
}

async fn access(auth: &Keys, now: Timestamp) -> String {
    auth.issue(TokenType::Access, USER, now).await.unwrap()
}

async fn check(
    keys: &Keys,
    token: &str,
    kind: TokenType,
    now: Timestamp,
) -> Result<i64, TokenError> {
    match keys.check(token.as_bytes(), kind, now).await {
        Ok(token) => Ok(token.user_id),
        Err(CheckError::Refused(why)) => Err(why),
        Err(CheckError::Keys(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_key_is_made_rotated_and_ended() {
    let own = Own::new().await;
    let no_key = own.auth_with(own.policy()).await.err();
    assert!(no_key.is_some(), "auth begins only with a key");
    let first = own.rotate(Rotation::Planned).await;
    assert!(first.ending.is_empty());
    let (auth, warm) = (own.auth().await, own.other().await);
    let now = Timestamp::now();
    let old = access(&auth, now).await;
    let refresh = auth.issue(TokenType::Refresh, USER, now).await.unwrap();
    assert_eq!(check(&warm, &old, TokenType::Access, now).await, Ok(USER));

    let second = own.rotate(Rotation::Planned).await;
    assert_ne!(second.signs, first.signs);
    let expected = json!({&first.signs: ["AWSPREVIOUS"], &second.signs: ["AWSCURRENT"]});
    assert_eq!(own.labels().await, expected);
    let end: Timestamp = second.ending[&first.signs].parse().unwrap();
    let now = Timestamp::now();
    let left = end.duration_since(now);
    assert!(left <= OLD_SIGNING_KEY_KEPT_FOR, "{left}");
    assert!(
        left > OLD_SIGNING_KEY_KEPT_FOR - SignedDuration::from_mins(1),
        "{left}"
    );
    // A function that has read the ring before takes the first token of the new key.
    let new = access(&own.auth().await, now).await;
    assert_eq!(check(&warm, &new, TokenType::Access, now).await, Ok(USER));
    assert_eq!(check(&warm, &old, TokenType::Access, now).await, Ok(USER));
    let last = now + SignedDuration::from_hours(23);
    assert_eq!(
        check(&warm, &refresh, TokenType::Refresh, last).await,
        Ok(USER)
    );

    let third = own.rotate(Rotation::Leaked).await;
    assert!(third.ending.is_empty(), "{:?}", third.ending);
    let within_a_minute = Timestamp::now() + SIGNING_KEYS_READ_AGAIN_AFTER;
    for token in [&old, &new] {
        for keys in [&warm, &own.other().await] {
            let found = check(keys, token, TokenType::Access, within_a_minute).await;
            assert_eq!(found, Err(TokenError::Invalid));
        }
    }
    // So does the function that signs, without a cold start.
    let after = access(&auth, within_a_minute).await;
    let found = check(&warm, &after, TokenType::Access, within_a_minute).await;
    assert_eq!(found, Ok(USER));
}

/// Who takes access and refresh tokens of HS256 in a stage: `auth`, and another function.
const STAGES: [(SignWith, CheckHs256, [bool; 4]); 4] = [
    (SignWith::Hs256, CheckHs256::Everyone, [true; 4]),
    (SignWith::EdDsa, CheckHs256::Everyone, [true; 4]),
    (
        SignWith::EdDsa,
        CheckHs256::Auth,
        [false, true, false, false],
    ),
    (SignWith::EdDsa, CheckHs256::Nobody, [false; 4]),
];

#[tokio::test]
async fn from_hs256_to_signing_keys() {
    let own = Own::new().await;
    own.rotate(Rotation::Planned).await;
    let name = format!("hs256-{}", Uuid::new_v4().simple());
    let value = Uuid::new_v4().simple().to_string();
    let secret = json!({"Name": name, "SecretString": value});
    let hs256 = tokio::task::spawn_blocking(move || create_secret(&secret));
    let hs256 = hs256.await.unwrap();
    let now = Timestamp::now();
    // What the version before has signed: its code is the one that the secret alone makes.
    let before = Keys::new(value.as_bytes()).unwrap();
    let old_access = access(&before, now).await;
    let old_refresh = before.issue(TokenType::Refresh, USER, now).await.unwrap();
    for (sign_with, check_hs256, expected) in STAGES {
        let policy = || Policy {
            sign_with,
            check_hs256,
            // Where nobody takes it, it is not there.
            hs256_secret_arn: (check_hs256 != CheckHs256::Nobody).then(|| hs256.clone()),
            ..own.policy()
        };
        let auth = own.auth_with(policy()).await.unwrap();
        let other = own.other_with(policy()).await;
        let mut found = Vec::new();
        for keys in [&auth, &other] {
            for (kind, token) in [
                (TokenType::Access, &old_access),
                (TokenType::Refresh, &old_refresh),
            ] {
                found.push(check(keys, token, kind, now).await == Ok(USER));
            }
        }
        assert_eq!(found, expected, "{sign_with:?} {check_hs256:?}");
        // What is signed in a stage is taken in it, and by the version before only if by HS256.
        let new = access(&auth, now).await;
        for keys in [&auth, &other] {
            assert_eq!(check(keys, &new, TokenType::Access, now).await, Ok(USER));
        }
        let by_before = check(&before, &new, TokenType::Access, now).await;
        assert_eq!(by_before.is_ok(), sign_with == SignWith::Hs256);
    }
}

#[tokio::test]
async fn a_setting_that_is_missing_is_named() {
    let own = Own::new().await;
    own.rotate(Rotation::Planned).await;
    let without = |change: fn(&mut Policy)| {
        let mut policy = own.policy();
        change(&mut policy);
        policy
    };
    for (name, policy) in [
        ("TOKEN_ISSUER", without(|it| it.issuer.clear())),
        ("SIGNING_KEY_ARN", without(|it| it.signing_key_arn = None)),
        (
            "SIGNING_SECRET_ARN",
            without(|it| it.check_hs256 = CheckHs256::Auth),
        ),
    ] {
        let error = own.auth_with(policy).await.err().unwrap();
        assert!(error.to_string().contains(name), "{error}");
    }
}
