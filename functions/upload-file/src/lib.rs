//! `POST /collect/{dataset}/` and `…/{id}/replace/`: takes a file, or hands out a URL to send it
//! to. The import row is written first, the object second: an object nobody waits for cannot be.

mod file_name;
mod request;
mod target;

use std::sync::Arc;
use std::time::Duration;

use aws::objects::Objects;
use bytes::Bytes;
use conduct::Conductor;
use contracts::http::imports::{FileObject, Upload};
use domain::import::{Import, State};
use jiff::{SignedDuration, Timestamp};
use lambda::http::{
    Refusal, Request, Response, Verb, allow, dataset, idempotency, number, respond, segments,
};
use lambda::user::Users;
use lambda::{Failure, chain, settings};
use postgres::imports::{self, Created, Idempotency, NewImport};
use postgres::{Connection, Database};
use uuid::Uuid;

use request::UploadRequest;
use target::{Target, UploadOptions, irreplaceable_in};

// GET of a list is another function's.
const OF_A_LIST: &str = "GET, POST, HEAD, OPTIONS";
const OF_A_REPLACEMENT: &str = "POST, OPTIONS";

/// An upload URL is of no use after this.
const URL_VALID_FOR: Duration = Duration::from_secs(15 * 60);

/// An import whose object has not come by then has failed.
const OBJECT_WITHIN: SignedDuration = SignedDuration::from_hours(2);

/// What the function works with.
pub struct App {
    users: Users,
    database: Arc<Database>,
    objects: Objects,
    conductor: Conductor,
}

impl App {
    /// Everything the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("upload-file", &config).await?);
        Ok(Self {
            users: Users::from_environment(&config).await?,
            conductor: Conductor::from_environment(&config, database.clone())?,
            objects: Objects::new(&config, settings::required("UPLOAD_BUCKET")?),
            database,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// Whatever the client is to be told instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (name, replaced) = match segments(&request).as_slice() {
            ["collect", name] => ((*name).to_owned(), None),
            ["collect", name, id, "replace"] => ((*name).to_owned(), Some((*id).to_owned())),
            _ => return Err(Refusal::NotFound),
        };
        let allowed = match replaced {
            Some(_) => OF_A_REPLACEMENT,
            None => OF_A_LIST,
        };
        let owner = self.users.signed_in(&request).await?.owner;
        if allow(&request, allowed)? == Verb::Options {
            return Ok(respond::options(allowed));
        }
        let dataset = dataset(&name)?;
        let replaces = replaced.as_deref().map(number).transpose()?;
        self.upload(request, |options| Target {
            owner,
            dataset,
            replaces,
            options,
        })
        .await
    }

    async fn upload(
        &self,
        request: Request,
        target: impl FnOnce(UploadOptions) -> Target,
    ) -> Result<Response, Refusal> {
        let keyed = idempotency::is_keyed(&request);
        let (options, refusal) = match target::options(&request) {
            Ok(options) => (options, None),
            Err(refusal) => (UploadOptions::default(), Some(refusal)),
        };
        let target = target(options);
        let mut connection = self.database.connection().await?;
        let created = create(&mut connection, request, &target, refusal).await;
        if !matches!(created, Err(Refusal::Internal(_))) {
            connection.keep().await;
        }
        match created? {
            (upload, Created::Import(import) | Created::Again(import)) => {
                self.roll_back_replaced(&target).await;
                self.grant(*import, upload, keyed).await
            }
            (_, Created::ActiveBaseline) => Err(Refusal::Forbidden),
            (_, Created::KeyReused) => Err(idempotency::reused()),
            (_, Created::WrongState(state)) => Err(irreplaceable_in(state)),
            (_, Created::NotFound) => Err(Refusal::NotFound),
        }
    }

    /// It is cancelled already: if this fails, `reconcile` does it.
    async fn roll_back_replaced(&self, target: &Target) {
        let Some(number) = target.replaces else {
            return;
        };
        if let Err(error) = self.advance(target, number).await {
            tracing::warn!(number, cause = chain(error.as_ref()), "not advanced yet");
        }
    }

    async fn advance(&self, target: &Target, number: i32) -> Result<(), Failure> {
        let connection = self.database.connection().await?;
        let name = target.dataset.name;
        let replaced = imports::by_number(&connection, target.owner, name, number).await?;
        connection.keep().await;
        if let Some(import) = replaced {
            tracing::info!(import = %import.uid, state = %import.state, "replaced");
            self.conductor.advance(import.uid).await?;
        }
        Ok(())
    }

    async fn grant(
        &self,
        import: Import,
        upload: UploadRequest,
        keyed: bool,
    ) -> Result<Response, Refusal> {
        let waiting = import.state == State::AwaitingUpload;
        let upload = match upload {
            UploadRequest::Store { bytes, .. } if waiting => {
                self.store(&import, bytes, keyed).await?;
                None
            }
            UploadRequest::Url { size, .. } if waiting => Some(self.sign(&import, size).await?),
            _ => None,
        };
        tracing::info!(import = %import.uid, bytes = import.object_size, "accepted");
        let url = self.objects.url(&import.object_key);
        let mut object = FileObject::new(import, url, Timestamp::now());
        object.upload = upload;
        Ok(respond::json(201, &object))
    }

    /// An object that is there already is the same one: its key is this import's own.
    async fn store(&self, import: &Import, bytes: Bytes, keyed: bool) -> Result<(), Refusal> {
        let Err(error) = self.objects.put(&import.object_key, bytes).await else {
            return Ok(());
        };
        // A client with a key comes again with the file; any other would be left with an import
        // that waits for nothing, and with no other baseline for as long.
        if !keyed && let Err(left) = self.drop_import(import).await {
            tracing::warn!(import = %import.uid, cause = %left, "left waiting");
        }
        Err(error.into())
    }

    async fn drop_import(&self, import: &Import) -> Result<(), postgres::Error> {
        let connection = self.database.connection().await?;
        imports::delete(&connection, import.owner, &import.dataset, import.number).await?;
        connection.keep().await;
        Ok(())
    }

    async fn sign(&self, import: &Import, size: i64) -> Result<Upload, Refusal> {
        let signed = self
            .objects
            .presign_put(&import.object_key, size, URL_VALID_FOR)
            .await?;
        Ok(Upload::new(
            signed.method,
            signed.url,
            signed.headers,
            signed.expires_at,
        ))
    }
}

/// One active baseline at a time, and that before the file is looked at; but the key of an
/// earlier request comes before the rule, and what it is worth is only known with the file.
async fn create(
    connection: &mut Connection<'_>,
    request: Request,
    target: &Target,
    refusal: Option<Refusal>,
) -> Result<(UploadRequest, Created), Refusal> {
    let keyed = idempotency::is_keyed(&request);
    if !keyed {
        target.refuse_early(connection).await?;
    }
    let read = match refusal {
        None => read(request, target).await,
        Some(refusal) => Err(refusal),
    };
    if keyed && read.is_err() {
        target.refuse_early(connection).await?;
    }
    let (upload, new) = read?;
    let created = imports::create(connection, &new).await?;
    Ok((upload, created))
}

async fn read(request: Request, target: &Target) -> Result<(UploadRequest, NewImport), Refusal> {
    let key = idempotency::key(&request)?;
    let upload = request::read(request).await?;
    let uid = Uuid::now_v7();
    let name = file_name::safe(upload.file_name());
    let dataset = target.dataset;
    let new = NewImport {
        uid,
        owner: target.owner,
        dataset: dataset.name,
        object_key: format!("uploads/{}/{uid}/{name}", dataset.name),
        object_size: upload.size(),
        upload_expires_at: Timestamp::now() + OBJECT_WITHIN,
        idempotency: key.map(|key| Idempotency {
            fingerprint: target.fingerprint(upload.fingerprint(dataset)),
            key,
        }),
        holds: target.options.holds,
        max_errors: target.options.max_errors,
        replaces: target.replaces,
    };
    Ok((upload, new))
}
