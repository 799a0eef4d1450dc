//! What is answered instead of what was asked for.

/// Every status from 400 on, and when it is answered: Markdown.
pub const BY_STATUS: [(u16, &str); 13] = [
    (
        400,
        "A field or parameter is invalid, the body cannot be read, or the page that is asked for is larger than an answer may be.",
    ),
    (
        401,
        "No user is signed in, the token or API key is not valid, or name and password do not fit.",
    ),
    (
        403,
        "Another import is active of a dataset that takes one at a time, such as baseline, or a baseline is to be deleted while it is being imported. The API key may not do this.",
    ),
    (
        404,
        "There is no such path, dataset, import or export of yours.",
    ),
    (
        405,
        "The path does not take this method; the header `Allow` names those it takes.",
    ),
    (
        409,
        "The import or export is in a state that does not allow it, another import is on its way to take its place, its original is not kept any more. It would be more than a user may have. The dataset has imports, no room, or a name that is taken.",
    ),
    (413, "The body is too large."),
    (415, "The content type is neither JSON nor a form."),
    (422, "The `Idempotency-Key` was used for another request."),
    (
        429,
        "There were too many tries of a password or too many new accounts, by this name or from this address, or there are too many requests, or it would be more than a user may have at this moment: the header `Retry-After` says when to send the next one.",
    ),
    (
        500,
        "A fault of the service. Nothing is told about it; the request may be sent again.",
    ),
    (
        503,
        "The query took too long, the dataset was declared anew or dropped while the request was read, or others are at work on it, or a sign-in cannot be counted, or the database is full or away: the header `Retry-After` says when to send the request again.",
    ),
    (
        504,
        "The service did not answer in time; the request may be sent again.",
    ),
];

/// Every code of a refusal, its status and its sentence, in which `<number>` and `<words>` are what
/// they say.
pub const BY_CODE: [(&str, u16, &str); 57] = [
    (
        "bad_authorization_header",
        401,
        "Authorization header must contain two space-delimited values",
    ),
    (
        "token_not_valid",
        401,
        "Given token not valid for any token type",
    ),
    (
        "token_not_valid",
        401,
        "Token contained no recognizable user identification",
    ),
    ("token_not_valid", 401, "Token is invalid or expired"),
    ("token_not_valid", 401, "Token has wrong type"),
    ("token_not_valid", 401, "Token is blacklisted"),
    ("user_not_found", 401, "User not found"),
    (
        "key_not_valid",
        401,
        "API key is unknown or was revoked: sign in and make another at /auth/keys/",
    ),
    (
        "key_not_valid",
        401,
        "API key was cut short or mistyped: send it as it was shown when it was made",
    ),
    (
        "key_expired",
        401,
        "API key expired at <words>: sign in and make another at /auth/keys/",
    ),
    (
        "read_only_key",
        403,
        "This API key may only read: send one whose access is write, or an access token.",
    ),
    (
        "key_not_taken",
        403,
        "An API key cannot do this: sign in at /token/ and send the access token.",
    ),
    (
        "too_many_keys",
        409,
        "A user may have <number> API keys at most, <words>",
    ),
    (
        "bad_idempotency_key",
        400,
        "An Idempotency-Key has 1 to <number> ASCII characters.",
    ),
    (
        "use_multipart",
        400,
        "An upload URL takes at most <number> bytes.",
    ),
    (
        "export_too_large",
        400,
        "An export takes at most <number> rows.",
    ),
    (
        "wrong_state",
        409,
        "An import in state <words> cannot be <words>. <words>",
    ),
    (
        "being_replaced",
        409,
        "Import <number> is on its way to take the place of import <number>: <words>",
    ),
    (
        "baseline_active",
        403,
        "You do not have permission to perform this action.",
    ),
    (
        "import_active",
        403,
        "Another import of this dataset is active, and it takes one at a time. <words>",
    ),
    (
        "wrong_state",
        409,
        "An import in state <words> waits for no file. POST to the list for another import.",
    ),
    (
        "wrong_state",
        409,
        "An export in state <words> cannot be <words>. <words>",
    ),
    (
        "wrong_state",
        409,
        "An import in state <words> cannot be retried: <words>",
    ),
    (
        "object_expired",
        409,
        "The original of this import is not there any more: <words>",
    ),
    (
        "too_many_exports",
        409,
        "At most <number> exports at a time may be unfinished. Wait for one to end, or <words>",
    ),
    (
        "quota_imports",
        429,
        "You have <number> open imports, and may have <number>: <words>",
    ),
    (
        "quota_bytes",
        429,
        "The files of your open imports have <number> bytes, <words>",
    ),
    (
        "quota_stored",
        409,
        "Your files have <number> bytes, <words>",
    ),
    (
        "quota_rows",
        409,
        "You have <number> rows stored, and may have <number>: <words>",
    ),
    (
        "quota_rows",
        409,
        "You have <number> rows that are being taken back, and may have <number>: <words>",
    ),
    (
        "quota_exports_a_day",
        429,
        "You have asked for <number> exports today, and may ask for <number> a day: <words>",
    ),
    (
        "quota_exports_kept",
        409,
        "You have <number> exports, and may have <number>: <words>",
    ),
    (
        "quota_reads",
        429,
        "You may have <number> requests for rows, sums or filtered exports answered at a time: <words>",
    ),
    (
        "file_too_large",
        413,
        "A file of more than <number> bytes needs an upload URL: <words>",
    ),
    (
        "body_too_large",
        413,
        "The request's body is limited to <number> bytes.",
    ),
    (
        "body_too_large",
        413,
        "This request may have at most <number> bytes.",
    ),
    (
        "idempotency_key_reused",
        422,
        "This Idempotency-Key was used for another request.",
    ),
    (
        "name_taken",
        409,
        "`<words>` means something else here: use another name.",
    ),
    (
        "bad_name",
        400,
        "Use 1 to <number> lower-case letters of English, digits and underscores, and begin with a letter.",
    ),
    ("bad_declaration", 400, "<words>"),
    (
        "incompatible",
        409,
        "The dataset has imports that this declaration does not fit. <words>",
    ),
    (
        "imports_under_way",
        409,
        "A field cannot be added while an import of the dataset is under way: <words>",
    ),
    (
        "quota_datasets",
        409,
        "You have <number> datasets, and may have <number>: <words>",
    ),
    (
        "no_room",
        409,
        "There is no room for another dataset here: <words>",
    ),
    ("in_use", 409, "The dataset has <number> <words>"),
    (
        "busy",
        503,
        "The dataset is in use at this moment. Send the request again.",
    ),
    (
        "busy",
        503,
        "Tries cannot be counted at this moment. Send the request again.",
    ),
    (
        "database_full",
        503,
        "The database has no room for this request at this moment. Send the request again.",
    ),
    (
        "database_away",
        503,
        "The database is out of reach at this moment. Send the request again.",
    ),
    (
        "dataset_changed",
        503,
        "The dataset was declared anew meanwhile. Send the request again.",
    ),
    (
        "body_too_large",
        413,
        "A declaration may have at most <number> bytes.",
    ),
    (
        "sample_too_large",
        413,
        "A sample may have at most <number> bytes. <words>",
    ),
    (
        "page_too_large",
        400,
        "The rows of this page are larger than an answer may be, and the first <number> of them are not. <words>",
    ),
    (
        "page_too_large",
        400,
        "Record <number> of import <number> alone is larger than an answer may be. <words>",
    ),
    (
        "page_too_large",
        400,
        "The groups of this page are larger than an answer may be, and the first <number> of them are not. <words>",
    ),
    (
        "page_too_large",
        400,
        "The value of one group alone is larger than an answer may be. <words>",
    ),
    (
        "query_too_slow",
        503,
        "The query took too long. Ask for <words>.",
    ),
];

/// The codes of refusals with this status, each once.
pub(crate) fn codes(status: u16) -> Vec<&'static str> {
    let mut codes: Vec<_> = BY_CODE
        .iter()
        .filter(|it| it.1 == status)
        .map(|it| it.0)
        .collect();
    codes.dedup();
    codes
}
