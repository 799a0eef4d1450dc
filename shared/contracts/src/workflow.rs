//! What the workflows, their functions, the queue and the events say to each other.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Input of an execution of either workflow, and of prepare-object, finish-import and rollback-import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The import's uid.
    pub import: Uuid,
    /// Which run of it this is.
    pub run: i32,
}

/// What the import workflow asks of plan-chunks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequest {
    /// The import's uid.
    pub import: Uuid,
    /// Which run of it this is.
    pub run: i32,
    /// To be answered with [`PlanAnswer`] when every chunk is done.
    pub task_token: String,
}

/// The answer to a task token, read by the workflow's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAnswer {
    /// The planner ran out of time: the workflow calls it again.
    pub more: bool,
    /// The object cannot be planned as it is: the workflow has it prepared, and calls the planner
    /// again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prepare: bool,
}

impl PlanAnswer {
    /// Every chunk is done.
    pub const DONE: Self = Self {
        more: false,
        prepare: false,
    };
    /// The planner ran out of time.
    pub const MORE: Self = Self {
        more: true,
        prepare: false,
    };
    /// The object is to be prepared.
    pub const PREPARE: Self = Self {
        more: false,
        prepare: true,
    };
}

/// What prepare-object answers, read by the workflow's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepareAnswer {
    /// The preparer ran out of time: the workflow calls it again.
    pub more: bool,
}

/// What rollback-import answers, read by the workflow's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackAnswer {
    /// Rows are left: the workflow calls it again.
    pub more: bool,
}

/// Input of an execution of the export workflow, and of write-export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRun {
    /// The export's uid.
    pub export: Uuid,
    /// Which run of it this is.
    pub run: i32,
}

/// What write-export answers, read by the workflow's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportAnswer {
    /// The writer ran out of time: the workflow calls it again.
    pub more: bool,
}

/// A message of the chunk queue: store this chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkMessage {
    /// The import's uid.
    pub import: Uuid,
    /// Number of the chunk, from 0.
    pub chunk: i32,
}

/// The part of EventBridge's `Object Created` that is used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ObjectCreated {
    /// The event's own payload.
    pub detail: ObjectCreatedDetail,
}

/// The payload of the event, of which only the object is used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ObjectCreatedDetail {
    /// The object.
    pub object: CreatedObject,
}

/// The object that was created.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedObject {
    /// Its key. EventBridge sends it as it is, S3's own notifications URL-encoded. Both forms are
    /// accepted: our keys may have letters that encoding changes (`ä`), but neither `%` nor `+`, so
    /// a plain key is never taken for an encoded one.
    pub key: String,
    /// Its version. AWS names it for a versioned bucket; an emulator may not, and then the newest
    /// version is looked up.
    #[serde(rename = "version-id")]
    pub version: Option<String>,
    /// Its bytes.
    pub size: i64,
}

/// A request of CloudFormation to a custom resource. A migration only has to know whether the
/// resource is deleted; the other fields are for the answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomResource {
    /// Create, Update or Delete.
    pub request_type: RequestType,
    /// Where to PUT the answer: a presigned URL.
    #[serde(rename = "ResponseURL")]
    pub response_url: String,
    /// To be repeated in the answer.
    pub stack_id: String,
    /// To be repeated in the answer.
    pub request_id: String,
    /// To be repeated in the answer.
    pub logical_resource_id: String,
    /// The resource's id, in every request after its creation.
    pub physical_resource_id: Option<String>,
    /// What the template says of it.
    #[serde(default)]
    pub resource_properties: ResourceProperties,
}

/// The properties of a custom resource, as far as its function reads them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceProperties {
    /// Each `name:port` that is to be reached; with it, nothing is migrated.
    pub hosts: Option<Vec<String>>,
    /// Subnets and security groups from where: blank outside a VPC, where nothing is asked.
    pub network: String,
}

/// What happens to a custom resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum RequestType {
    /// It is created.
    Create,
    /// One of its properties has changed.
    Update,
    /// It is deleted.
    Delete,
}

/// The answer to a [`CustomResource`].
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomResourceAnswer {
    /// SUCCESS or FAILED.
    pub status: &'static str,
    /// For the operator; no secret in it.
    pub reason: String,
    /// The resource's id.
    pub physical_resource_id: String,
    /// As in the request.
    pub stack_id: String,
    /// As in the request.
    pub request_id: String,
    /// As in the request.
    pub logical_resource_id: String,
}

/// What rotate-signing-key is called with.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum SigningKeyRequest {
    /// By CloudFormation: there shall be a key that signs.
    Resource(CustomResource),
    /// By an operator: there shall be another one.
    Rotate(Rotate),
}

/// An operator's request for another signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotate {
    /// Why.
    pub rotate: Rotation,
}

/// Why a signing key is rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rotation {
    /// It was time to: tokens that are out live to their end.
    Planned,
    /// Others may know it: every token that is out is refused.
    Leaked,
}

/// What rotate-signing-key answers an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// The kid that signs now.
    pub signs: String,
    /// The kids of before whose tokens are still taken, each with its end.
    pub ending: std::collections::BTreeMap<String, String>,
}
