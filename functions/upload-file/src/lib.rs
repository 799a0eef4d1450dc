//! `POST /collect/{dataset}/` and `…/{id}/replace/`: takes a file, or answers with a URL to send it
//! to; `GET …/{id}/upload/`: that URL once more; `…/{id}/retry/`: imports the original of another
//! import again. The import's row is written first and the object second, so no object is without
//! its import.

mod file;
mod file_name;
mod options;
mod parameters;
mod request;
mod retry;
mod target;

use std::sync::Arc;

use aws::objects::Objects;
use bytes::Bytes;
use conduct::Conductor;
use contracts::http::imports::{FileObject, Upload};
use domain::dataset::Dataset;
use domain::import::{Import, State};
use domain::limits::LINK_VALID_FOR;
use domain::quota::Quotas;
use jiff::Timestamp;
use lambda::http::query::Links;
use lambda::http::{
    Refusal, Request, Response, Route, Verb, allow, dataset, idempotency, number, respond, route,
};
use lambda::user::Users;
use lambda::{Failure, Role, chain, settings};
use postgres::imports::{self, Created};
use postgres::{Client, Database, datasets, exports};
use uuid::Uuid;

use file::UploadedFile;
use request::UploadRequest;
use retry::Retried;
use target::{Target, irreplaceable_in};

/// Takes uploads and starts their imports.
pub struct App {
    users: Users,
    database: Arc<Database>,
    objects: Objects,
    conductor: Conductor,
    links: Links,
    /// What each owner may have.
    quotas: Quotas,
}

impl App {
    /// Reads the settings and secrets that the environment names.
    ///
    /// # Errors
    /// A setting is missing or a secret cannot be read.
    pub async fn from_environment() -> Result<Self, Failure> {
        let config = aws::config().await;
        let database = Arc::new(lambda::database("upload-file", Role::Worker, &config).await?);
        let objects = Objects::new(&config, settings::required("UPLOAD_BUCKET")?);
        let conductor = Conductor::from_environment(&config, database.clone())?;
        Ok(Self {
            users: Users::from_environment(&config).await?,
            conductor: conductor.copying(objects.clone()),
            links: Links::from_environment(),
            quotas: settings::parsed("QUOTAS")?,
            objects,
            database,
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The refusal that the client gets instead.
    pub async fn handle(&self, request: Request) -> Result<Response, Refusal> {
        let (route, variables) = route(&request)?;
        let (name, other) = match (route, variables.as_slice()) {
            (Route::Imports, [name]) => (name, None),
            (Route::UploadUrl, [name, id]) => return self.sign_again(&request, name, id).await,
            (Route::ReplaceImport | Route::RetryImport, [name, id]) => (name, Some(id)),
            _ => return Err(Refusal::NotFound),
        };
        let owner = self.users.signed_in(&request).await?.owner;
        if allow(&request, route)? == Verb::Options {
            return Ok(respond::options(route));
        }
        let dataset = self.dataset(owner, name).await?;
        let other = other.map(|id| number(id)).transpose()?;
        if let (Route::RetryImport, Some(retry_of)) = (route, other) {
            let retried = Retried {
                owner,
                dataset,
                retry_of,
                quotas: self.quotas,
            };
            return self.retry(request, &retried).await;
        }
        let target = Target {
            owner,
            dataset,
            replaces: other,
            quotas: self.quotas,
        };
        self.upload(request, &target).await
    }

    async fn upload(&self, request: Request, target: &Target) -> Result<Response, Refusal> {
        let keyed = idempotency::is_keyed(&request);
        let list = self.list(&request, &target.dataset);
        let request = UploadRequest::read(request, &target.dataset).await;
        let answer = self
            .database
            .run(async |client| Refusal::expected(create(client, target, keyed, request).await))
            .await?;
        match answer? {
            (file, Created::Import(import) | Created::Again(import)) => {
                self.roll_back_replaced(target).await;
                self.grant(*import, file, keyed, &list).await
            }
            (_, Created::AnotherActive) => {
                Err(self.another_active(target.owner, &target.dataset).await?)
            }
            (_, Created::KeyReused) => Err(idempotency::reused()),
            (_, Created::WrongState(state)) => Err(irreplaceable_in(state)),
            (_, Created::BeingReplaced(by)) => Err(target.replaced_by(by)),
            (_, Created::OverQuota(exceeded)) => Err(Refusal::OverQuota(exceeded)),
            (_, Created::DatasetChanged) => Err(Refusal::DatasetChanged),
            (_, Created::ObjectExpired | Created::NotFound) => Err(Refusal::NotFound),
        }
    }

    pub(crate) async fn another_active(
        &self,
        owner: Uuid,
        dataset: &Dataset,
    ) -> Result<Refusal, Refusal> {
        let active = self
            .database
            .run(async |client| imports::active(client, owner, &dataset.name).await)
            .await?;
        Ok(Refusal::another_active(&dataset.name, active.as_ref()))
    }

    /// `GET …/{id}/upload/`: the upload URL of an import that waits, signed again. This function may
    /// write objects, so it may sign a URL that does; those that show imports may not.
    async fn sign_again(
        &self,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Response, Refusal> {
        let owner = self.users.signed_in(request).await?.owner;
        if allow(request, Route::UploadUrl)? == Verb::Options {
            return Ok(respond::options(Route::UploadUrl));
        }
        let dataset = self.dataset(owner, name).await?;
        let number = number(id)?;
        let found = self
            .database
            .run(async |client| imports::by_number(client, owner, &dataset.name, number).await)
            .await?;
        let import = found.ok_or(Refusal::NotFound)?;
        if import.state != State::AwaitingUpload || import.source.is_some() {
            return Err(no_upload_in(import.state));
        }
        let upload = self.sign(&import, import.object_size).await?;
        let object = self.shown(import).await?;
        Ok(respond::json(200, &object.with_upload(upload)))
    }

    /// The owner's dataset of this name.
    async fn dataset(&self, owner: Uuid, name: &str) -> Result<Arc<Dataset>, Refusal> {
        self.database
            .run(async |client| Refusal::expected(dataset(client, owner, name).await))
            .await?
    }

    pub(crate) async fn shown(&self, import: Import) -> Result<FileObject, Refusal> {
        let dataset = self
            .database
            .run(async |client| datasets::of_import(client, &import).await)
            .await?;
        let url = self.objects.url(&import.object_key);
        Ok(FileObject::new(import, &dataset, url, Timestamp::now()))
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
        let (owner, name) = (target.owner, &target.dataset.name);
        let replaced = self
            .database
            .run(async |client| imports::by_number(client, owner, name, number).await);
        if let Some(import) = replaced.await? {
            tracing::info!(import = %import.uid, state = %import.state, "replaced");
            self.conductor.advance(import.uid).await?;
        }
        Ok(())
    }

    async fn grant(
        &self,
        import: Import,
        file: UploadedFile,
        keyed: bool,
        list: &str,
    ) -> Result<Response, Refusal> {
        let waiting = import.state == State::AwaitingUpload;
        let upload = match file {
            UploadedFile::Sent { bytes, .. } if waiting => {
                self.store(&import, bytes, keyed).await?;
                None
            }
            UploadedFile::Announced { size, .. } if waiting => {
                Some(self.sign(&import, size).await?)
            }
            _ => None,
        };
        tracing::info!(import = %import.uid, bytes = import.object_size, "accepted");
        let removes_exports = self.removed_with(&import).await?;
        let mut object = self.shown(import).await?;
        object.removes_exports = removes_exports;
        object.upload = upload;
        Ok(created(&object, list))
    }

    /// Where the imports of a dataset stand, as the client of this request reaches them.
    pub(crate) fn list(&self, request: &Request, dataset: &Dataset) -> String {
        let path = format!("/collect/{}/", dataset.name);
        self.links.to(request, &path)
    }

    /// The exports that will go with the rows of the import that is swapped.
    pub(crate) async fn removed_with(&self, import: &Import) -> Result<Option<Vec<i32>>, Refusal> {
        let Some(swaps) = import.swaps else {
            return Ok(None);
        };
        let (owner, dataset) = (import.owner, import.dataset.as_str());
        let numbers = self
            .database
            .run(async |client| exports::that_hold(client, owner, dataset, swaps).await)
            .await?;
        Ok(Some(numbers))
    }

    /// If the object exists already, it is the same one: its key belongs to this import alone.
    async fn store(&self, import: &Import, bytes: Bytes, keyed: bool) -> Result<(), Refusal> {
        let Err(error) = self.objects.put(&import.object_key, bytes).await else {
            return Ok(());
        };
        // A client with an idempotency key sends the file again. Any other client would be left
        // with an import that waits for nothing and, if it is a baseline, blocks the next one.
        if !keyed && let Err(left) = self.drop_import(import).await {
            tracing::warn!(import = %import.uid, cause = %left, "left waiting");
        }
        Err(error.into())
    }

    async fn drop_import(&self, import: &Import) -> Result<(), postgres::Error> {
        self.database
            .run(async |client| imports::drop_unsent(client, import).await)
            .await
    }

    async fn sign(&self, import: &Import, size: i64) -> Result<Upload, Refusal> {
        let signed = self
            .objects
            .presign_put(&import.object_key, size, LINK_VALID_FOR)
            .await?;
        Ok(Upload::new(
            signed.method,
            signed.url,
            signed.headers,
            signed.expires_at,
        ))
    }
}

/// 201 with an import of this list.
pub(crate) fn created(object: &FileObject, list: &str) -> Response {
    let location = format!("{list}{}/", object.id);
    respond::created(object, &location, object.ask_again_after())
}

/// 409: an import in this state has its object, or will have none.
fn no_upload_in(state: State) -> Refusal {
    Refusal::Coded {
        status: 409,
        code: "wrong_state",
        detail: format!(
            "An import in state {state} waits for no file. POST to the list for another import."
        ),
    }
}

/// A second active baseline is refused before the file is read. But with an idempotency key the
/// file is read first: a request that repeats an earlier one gets that one's answer, and only the
/// file tells whether it does.
async fn create(
    client: &mut Client,
    target: &Target,
    keyed: bool,
    request: Result<UploadRequest, Refusal>,
) -> Result<(UploadedFile, Created), Refusal> {
    if !keyed || request.is_err() {
        target.refuse_early(client).await?;
    }
    let request = request?;
    target.refuse_to_validate(&request.options)?;
    let created = imports::create(client, &request.new_import(target)).await?;
    Ok((request.file, created))
}
