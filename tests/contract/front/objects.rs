//! The objects in bodies, from the structs that are sent.

use contracts::http::accounts::{Access, AccountDeletion, Me, Registered, RotatedPair, TokenPair};
use contracts::http::api_keys::ApiKeyObject;
use contracts::http::audit::AuditEntry;
use contracts::http::chunks::ChunkRun;
use contracts::http::datasets::{
    DatasetEntry, DatasetObject, Dropping, InferredDeclaration, Validation,
};
use contracts::http::events::EventEntry;
use contracts::http::exports::{Download, EstimateObject, ExportObject, ExportProgress};
use contracts::http::imports::{FileObject, Preparing, Progress, ReadPart, RollbackProof, Upload};
use contracts::http::listing::Listing;
use contracts::http::refusals::{
    AnotherActive, BeingReplaced, Coded, DeclarationRefused, Detail, InUse, OverQuota,
    TokenMessage, TokenRefused,
};
use contracts::http::rows::{
    ErrorEntry, FieldsEntry, GroupEntry, RowEntry, SalesEntry, SummaryEntry,
};
use contracts::http::service::Health;
use contracts::http::usage::{QuotaEntry, UsageObject};
use contracts::http::waiting::WaitingFor;
use domain::declaration::Problem;
use domain::infer::Doubt;
use domain::leaving::Removed;
use domain::reason::{Found, StoredReason};

use super::source::{Field, fields, name};
use super::table::{code, table};

const OBJECTS: &str = "## Objects

Fields come in this order. A time is UTC in the form `2026-01-01T00:00:00Z`, with up to six digits after the second; a date is `2015-08-01`. Expect new fields.

";

/// An object with its title and where it is met.
struct Object {
    title: &'static str,
    place: &'static str,
    /// Of the struct.
    name: &'static str,
    fields: Vec<Field>,
}

impl Object {
    fn link(&self) -> String {
        let title = self.title.to_lowercase();
        format!("[{title}](#{})", title.replace(' ', "-"))
    }
}

/// Where the object of this struct is described.
pub fn link_to(name: &str) -> String {
    let objects = objects();
    let object = objects.iter().find(|it| it.name == name);
    object
        .unwrap_or_else(|| panic!("{name} is in no table"))
        .link()
}

fn object<T>(title: &'static str, place: &'static str) -> Object {
    Object {
        title,
        place,
        name: name::<T>(),
        fields: fields::<T>(),
    }
}

fn objects() -> Vec<Object> {
    let mut objects = of_imports();
    objects.extend(of_datasets());
    objects.extend(of_exports());
    objects.extend(of_lists());
    objects.extend(of_accounts());
    objects.extend(of_refusals());
    objects
}

fn of_imports() -> Vec<Object> {
    vec![
        object::<FileObject>(
            "Import",
            "The answer to an upload and to every command but a delete, an entry of a list of imports and of the list of all.",
        ),
        object::<Progress>(
            "Progress of an import",
            "`progress` of an import. It stays as it was when the import ends.",
        ),
        object::<Preparing>(
            "Preparing",
            "`preparing` in the progress of an import whose file is packed, or other text than UTF-8: while it is made readable, before anything of it is imported.",
        ),
        object::<ReadPart>(
            "Part of a reading",
            "`read_as` of an import has one for each part, by the name of its [parameter](files.md#readings).",
        ),
        object::<RollbackProof>(
            "Proof of a rollback",
            "`rollback` of an import; null until its rollback has ended.",
        ),
        object::<Upload>(
            "Upload",
            "`upload` of an import that was asked for by JSON, and of the answer of `GET /collect/{dataset}/{id}/upload/`: send the file so, without your token.",
        ),
        object::<WaitingFor>(
            "Waiting for",
            "`waiting_for` of an import or an export. The codes are listed [below](#what-is-waited-for).",
        ),
        object::<StoredReason>(
            "Reason",
            "`error` of an import or an export, an entry of `warnings`. The codes are listed [below](#reasons), and those that lie in the file [with the files](files.md#reasons).",
        ),
        object::<Found>(
            "Place in a file",
            "An entry of `found` of a reason, which is left out where it has none.",
        ),
    ]
}

fn of_datasets() -> Vec<Object> {
    vec![
        object::<DatasetEntry>("Dataset in a list", "An entry of `GET /collect/datasets/`."),
        object::<DatasetObject>(
            "Dataset",
            "The answer of `PUT` and `GET /collect/datasets/{name}/`. [Datasets](datasets.md) says what a declaration is.",
        ),
        object::<Dropping>(
            "Dataset that is dropped",
            "The 202 of `DELETE /collect/datasets/{name}/`: ask again with the same request. It is gone when that is answered 204, or 404.",
        ),
        object::<InferredDeclaration>(
            "Declaration of a sample",
            "The answer of `POST /collect/datasets/infer/`.",
        ),
        object::<Doubt>("Doubt", "An entry of its `doubts`."),
        object::<Validation>(
            "Validation of a sample",
            "The answer of `POST /collect/datasets/validate/`, whether an import would be completed or not.",
        ),
        object::<Problem>(
            "Problem of a declaration",
            "An entry of `problems` of a [refused declaration](#refused-declaration).",
        ),
    ]
}

fn of_exports() -> Vec<Object> {
    vec![
        object::<ExportObject>(
            "Export",
            "The answer to a request for an export and to every command but a delete, an entry of the list of exports and of the list of all.",
        ),
        object::<EstimateObject>("Estimate of an export", "`estimate` of an export."),
        object::<ExportProgress>("Progress of an export", "`progress` of an export."),
        object::<Download>("Download", "`download` of a completed export."),
    ]
}

fn of_lists() -> Vec<Object> {
    vec![
        object::<Listing<()>>("Page", "The answer to every list."),
        object::<EventEntry>(
            "Event",
            "A change of state: an entry of `GET /collect/{dataset}/{id}/events/` and `GET /collect/exports/{id}/events/`. Events are kept for as long as their import or export is there for its user. Which state may follow which is [a table of its own](states.md).",
        ),
        object::<AuditEntry>(
            "Audit entry",
            "An entry of `GET /collect/audit/`. Acts with an account: `signed_up`, `signed_in`, `sign_in_failed`, `refresh_refused` (a refresh token came a second time, or after its end), `signed_out`, `sessions_ended`, `password_changed`, `password_refused`, `key_made`, `key_revoked`, `quota_reached` (the code and the numbers are the detail). Of quotas that are reached, and of tokens that come after their end, the first of an hour is listed. What users did with an import or export is listed as long as that is there; what became of it by itself is in its events.",
        ),
        object::<ChunkRun>(
            "Run of chunks",
            "An entry of `GET /collect/{dataset}/{id}/chunks/`.",
        ),
        object::<SalesEntry>("Sales record", "An entry of `GET /collect/data/`."),
        object::<RowEntry>("Row", "An entry of `GET /collect/team/{id}/rows/`."),
        object::<FieldsEntry>(
            "Row by its fields",
            "An entry of `GET /collect/{dataset}/rows/`.",
        ),
        object::<GroupEntry>(
            "Group of rows",
            "An entry of `GET /collect/{dataset}/summary/`.",
        ),
        object::<SummaryEntry>(
            "Group of a summary",
            "An entry of `GET /collect/data/summary/`.",
        ),
        object::<ErrorEntry>(
            "Row error",
            "An entry of `GET /collect/{dataset}/{id}/errors/`. The codes are listed [with the files](files.md#row-errors).",
        ),
    ]
}

fn of_accounts() -> Vec<Object> {
    vec![
        object::<Registered<'_>>("Account", "The answer to a sign-up."),
        object::<Me<'_>>("Own account", "The answer to `GET /auth/users/me/`."),
        object::<AccountDeletion>(
            "Deletion of an account",
            "The 202 of `DELETE /auth/users/me/`, and the answer to `GET` of its `report`.",
        ),
        object::<Removed>(
            "What was removed",
            "`removed` of the deletion of an account.",
        ),
        object::<ApiKeyObject>(
            "API key",
            "The answer to `POST /auth/keys/`, an entry of `GET /auth/keys/`.",
        ),
        object::<TokenPair>("Pair of tokens", "The answer to a sign-in."),
        object::<Access>(
            "Access token",
            "The answer to `POST /token/refresh/`, and to a sign-in with a cookie.",
        ),
        object::<RotatedPair>(
            "Rotated pair",
            "The answer to `POST /token/refresh/` for a refresh token of a sign-in with `rotate`.",
        ),
        object::<UsageObject>("Usage", "The answer of `GET /collect/usage/`."),
        object::<QuotaEntry>(
            "Quota",
            "An entry of its `quotas`, which are listed [below](#quotas).",
        ),
        object::<Health>("Health", "The answer of `GET /healthz` and `GET /readyz`."),
    ]
}

fn of_refusals() -> Vec<Object> {
    vec![
        object::<Detail>("Refusal", "Most answers from 400 on."),
        object::<Coded>(
            "Refusal with a code",
            "The refusals that are listed [below](#refusals) with a code.",
        ),
        object::<AnotherActive>(
            "Refusal of a second import",
            "The 403 for an import of a dataset that takes one at a time, such as baseline, while another one is active.",
        ),
        object::<BeingReplaced>(
            "Refusal of a second replacement",
            "The 409 with the code `being_replaced`.",
        ),
        object::<DeclarationRefused>(
            "Refused declaration",
            "The 400 for a declaration that cannot be taken, and the 409 for one that does not fit what is stored.",
        ),
        object::<InUse>(
            "Refused drop",
            "The 409 for the drop of a dataset that has imports.",
        ),
        object::<OverQuota>(
            "Refusal by a quota",
            "The 409 and 429 for what would be more than a user may have. The codes are listed [below](#quotas).",
        ),
        object::<TokenRefused>(
            "Refused token",
            "The 401 for an access token that is not valid.",
        ),
        object::<TokenMessage>("Message about a token", "An entry of its `messages`."),
    ]
}

/// A table for each object.
pub fn page() -> String {
    let objects = objects();
    let tables = objects.iter().map(|it| {
        let rows = it
            .fields
            .iter()
            .map(|field| [shown(field), kind(field, &objects), field.words.clone()]);
        let fields = table(["field", "type", "what it is"], rows);
        format!("### {}\n\n{}\n\n{fields}", it.title, it.place)
    });
    OBJECTS.to_owned() + &tables.collect::<Vec<_>>().join("\n")
}

/// A flattened field has no name of its own.
fn shown(field: &Field) -> String {
    if field.attributes.contains("flatten") {
        "the value of `by`".to_owned()
    } else {
        code(&field.name)
    }
}

fn kind(field: &Field, objects: &[Object]) -> String {
    let kind = json(&field.kind, objects);
    if field.attributes.contains("skip_serializing_if") {
        kind.replace(" or null", ", or missing")
    } else {
        kind
    }
}

/// What a Rust type is in JSON.
fn json(kind: &str, objects: &[Object]) -> String {
    if let Some(inner) = kind.strip_prefix("Option<") {
        return format!(
            "{} or null",
            json(inner.strip_suffix('>').unwrap_or(inner), objects)
        );
    }
    if let Some(object) = objects.iter().find(|it| it.name == kind) {
        return object.link();
    }
    let word = match kind {
        "i32" | "i64" | "u64" => "whole number",
        "ObjectId" => {
            "whole number; in the list of all a text with the list before it: `baseline/12`, `exports/3`"
        }
        "ReadAs" => "object: a [part of a reading](#part-of-a-reading) for each parameter",
        "KeyAccess" => "`read` or `write`",
        "DeletionStatus" => "`deleting` or `deleted`",
        "Origin" => "`declared`, `said` or `found`",
        "Vec<Found>" => "list of [places](#place-in-a-file)",
        "Vec<String>" => "list of texts",
        "f64" | "Value" => "number",
        "bool" => "true or false",
        "String" | "&'static str" | "&'a str" | "BTreeMap<String, String>" => "text",
        "Timestamp" => "time",
        "Date" => "date",
        "Data" => "object: a value for each column of the file, under its heading",
        "Map<String, Value>" => "object",
        "StoredFilter" => "object: each filter that was given, by the name of its parameter",
        "Document" => "object: a [declaration](datasets.md)",
        "Vec<Doubt>" => "list of [doubts](#doubt)",
        "Vec<QuotaEntry>" => "list of [quotas](#quota)",
        "Vec<Problem>" => "list of [problems](#problem-of-a-declaration)",
        "Vec<ErrorEntry>" => "list of [row errors](#row-error)",
        "Vec<T>" => "list of entries",
        "Vec<i32>" => "list of whole numbers",
        "Vec<StoredReason>" => "list of [reasons](#reason)",
        "[TokenMessage; 1]" => "list of one [message](#message-about-a-token)",
        unknown => panic!("what is {unknown} in JSON?"),
    };
    word.to_owned()
}

#[test]
fn no_object_is_left_out() {
    let objects = objects();
    let sent = super::source::texts("shared/contracts/src/http");
    let structs = sent.split("pub struct ").skip(1);
    let names = structs.map(|it| it.split([' ', '<']).next().unwrap());
    // A struct without names for its fields is shown where it is a field.
    let names: Vec<&str> = names.filter(|it| !it.contains('(')).collect();
    assert!(names.len() > 15, "the structs were not found");
    for name in names {
        assert!(
            objects.iter().any(|it| it.name == name),
            "{name} is in no table"
        );
    }
}
