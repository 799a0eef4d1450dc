//! The routes of the API: each path, what it allows, which function answers, and what it is. The
//! functions take their `Allow` from here; the template and `docs/api.md` are held to it.

mod keys;

use strum::VariantArray;

pub use keys::TakesKeys;

const READ: &str = "GET, HEAD, OPTIONS";
const READ_AND_CREATE: &str = "GET, POST, HEAD, OPTIONS";
const READ_AND_DELETE: &str = "GET, DELETE, HEAD, OPTIONS";
const READ_DECLARE_AND_DROP: &str = "GET, PUT, DELETE, HEAD, OPTIONS";
const DELETE: &str = "DELETE, OPTIONS";
const POST: &str = "POST, OPTIONS";

/// A route. Any other path is answered 404 by `list-imports`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray)]
pub enum Route {
    /// `/console`
    Console,
    /// `/docs`
    Docs,
    /// `/openapi.json`
    Description,
    /// `/healthz`
    Health,
    /// `/readyz`
    Readiness,
    /// `/auth/users`
    Users,
    /// `/auth/users/me`
    Me,
    /// `/auth/users/set_password`
    SetPassword,
    /// `/auth/deletions/{id}`
    Deletion,
    /// `/auth/keys`
    ApiKeys,
    /// `/auth/keys/{id}`
    ApiKey,
    /// `/token`
    Token,
    /// `/token/refresh`
    TokenRefresh,
    /// `/token/blacklist`
    TokenBlacklist,
    /// `/collect/data`
    Sales,
    /// `/collect/data/summary`
    Summary,
    /// `/collect/exports`
    Exports,
    /// `/collect/exports/{id}`
    Export,
    /// `/collect/exports/{id}/events`
    ExportEvents,
    /// `/collect/exports/{id}/confirm`
    ConfirmExport,
    /// `/collect/exports/{id}/cancel`
    CancelExport,
    /// `/collect/datasets`
    Datasets,
    /// `/collect/datasets/infer`
    Infer,
    /// `/collect/datasets/validate`
    Validate,
    /// `/collect/datasets/{name}`
    Dataset,
    /// `/collect/imports`
    Everything,
    /// `/collect/audit`
    Audit,
    /// `/collect/usage`
    Usage,
    /// `/collect/{dataset}`
    Imports,
    /// `/collect/{dataset}/rows`
    DatasetRows,
    /// `/collect/{dataset}/summary`
    DatasetSummary,
    /// `/collect/{dataset}/schema`
    Schema,
    /// `/collect/{dataset}/template.csv`
    TemplateFile,
    /// `/collect/{dataset}/{id}`
    Import,
    /// `/collect/{dataset}/{id}/errors`
    RowErrors,
    /// `/collect/{dataset}/{id}/rows`
    Rows,
    /// `/collect/{dataset}/{id}/chunks`
    Chunks,
    /// `/collect/{dataset}/{id}/events`
    Events,
    /// `/collect/{dataset}/{id}/cancel`
    CancelImport,
    /// `/collect/{dataset}/{id}/pause`
    PauseImport,
    /// `/collect/{dataset}/{id}/resume`
    ResumeImport,
    /// `/collect/{dataset}/{id}/replace`
    ReplaceImport,
    /// `/collect/{dataset}/{id}/upload`
    UploadUrl,
    /// `/collect/{dataset}/{id}/retry`
    RetryImport,
}

/// What is known of a route.
struct Row {
    path: &'static str,
    allow: &'static str,
    function: &'static str,
    /// A method that another function answers.
    except: Option<(&'static str, &'static str)>,
    what: &'static str,
}

impl Route {
    /// Every route. A fixed part of a path stands before a variable one, as it does for API
    /// Gateway.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    #[rustfmt::skip]
    const fn row(self) -> Row {
        match self {
            Route::Console => row("/console", READ, "console", "the page to do all of this with"),
            Route::Docs => row("/docs", READ, "describe-api", "the API for people"),
            Route::Description => row("/openapi.json", READ, "describe-api", "the API for programs"),
            Route::Health => row("/healthz", READ, "describe-api", "whether the API is up"),
            Route::Readiness => row("/readyz", READ, "list-imports", "whether the database is reached"),
            Route::Users => row("/auth/users", POST, "auth", "sign up"),
            Route::Me => row("/auth/users/me", READ_AND_DELETE, "auth", "your own account"),
            Route::SetPassword => row("/auth/users/set_password", POST, "auth", "another password"),
            Route::Deletion => row("/auth/deletions/{id}", READ, "auth", "what became of a deleted account"),
            Route::ApiKeys => row("/auth/keys", READ_AND_CREATE, "auth", "API keys: the list, a new one"),
            Route::ApiKey => row("/auth/keys/{id}", DELETE, "auth", "revoke an API key"),
            Route::Token => row("/token", POST, "auth", "sign in"),
            Route::TokenRefresh => row("/token/refresh", POST, "auth", "a new access token"),
            Route::TokenBlacklist => row("/token/blacklist", POST, "auth", "sign out, here or everywhere"),
            Route::Sales => row("/collect/data", READ, "query-data", "rows of all completed sales imports"),
            Route::Summary => row("/collect/data/summary", READ, "query-data", "what these rows add up to"),
            Route::Exports => row("/collect/exports", READ_AND_CREATE, "control-export", "exports: the list, a new one"),
            Route::Export => row("/collect/exports/{id}", READ_AND_DELETE, "control-export", "an export"),
            Route::ExportEvents => row("/collect/exports/{id}/events", READ, "control-export", "what has happened to an export"),
            Route::ConfirmExport => row("/collect/exports/{id}/confirm", POST, "control-export", "begin a large export"),
            Route::CancelExport => row("/collect/exports/{id}/cancel", POST, "control-export", "stop an export and remove its file"),
            Route::Datasets => row("/collect/datasets", READ, "declare-dataset", "datasets: those that are built in, and your own"),
            Route::Infer => row("/collect/datasets/infer", POST, "declare-dataset", "a declaration made from a sample"),
            Route::Validate => row("/collect/datasets/validate", POST, "declare-dataset", "what an import of a sample would say"),
            Route::Dataset => row("/collect/datasets/{name}", READ_DECLARE_AND_DROP, "declare-dataset", "a dataset and its declaration"),
            Route::Everything => row("/collect/imports", READ, "list-imports", "imports and exports of all datasets"),
            Route::Audit => row("/collect/audit", READ, "show-audit", "who did what"),
            Route::Usage => row("/collect/usage", READ, "list-imports", "how much you have of what you may have"),
            Route::Imports => row("/collect/{dataset}", READ_AND_CREATE, "list-imports", "imports: the list, a new one")
                .except("POST", "upload-file"),
            Route::DatasetRows => row("/collect/{dataset}/rows", READ, "query-data", "rows of all completed imports of a dataset"),
            Route::DatasetSummary => row("/collect/{dataset}/summary", READ, "query-data", "what these rows add up to"),
            Route::Schema => row("/collect/{dataset}/schema", READ, "declare-dataset", "what the rows of a dataset look like in answers"),
            Route::TemplateFile => row("/collect/{dataset}/template.csv", READ, "declare-dataset", "a file to fill in"),
            Route::Import => row("/collect/{dataset}/{id}", READ_AND_DELETE, "list-imports", "an import")
                .except("DELETE", "control-import"),
            Route::RowErrors => row("/collect/{dataset}/{id}/errors", READ, "list-imports", "why records were rejected"),
            Route::Rows => row("/collect/{dataset}/{id}/rows", READ, "query-data", "rows of one import"),
            Route::Chunks => row("/collect/{dataset}/{id}/chunks", READ, "list-imports", "where the chunks of an import stand"),
            Route::Events => row("/collect/{dataset}/{id}/events", READ, "list-imports", "what has happened to an import"),
            Route::CancelImport => row("/collect/{dataset}/{id}/cancel", POST, "control-import", "stop an import and take it back"),
            Route::PauseImport => row("/collect/{dataset}/{id}/pause", POST, "control-import", "store no further chunk"),
            Route::ResumeImport => row("/collect/{dataset}/{id}/resume", POST, "control-import", "go on after a pause or a hold"),
            Route::ReplaceImport => row("/collect/{dataset}/{id}/replace", POST, "upload-file", "another file in the place of an import"),
            Route::UploadUrl => row("/collect/{dataset}/{id}/upload", READ, "upload-file", "the upload URL of an import that waits, signed again"),
            Route::RetryImport => row("/collect/{dataset}/{id}/retry", POST, "upload-file", "the same original again"),
        }
    }

    /// The path as the template has it, without a slash at its end: `/collect/{dataset}/{id}`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.row().path
    }

    /// The path as it is written in requests, with a slash at its end unless it is a file's or a probe's.
    #[must_use]
    pub fn written(self) -> String {
        let end = if self.is_without_slash() { "" } else { "/" };
        format!("{}{end}", self.path())
    }

    fn is_without_slash(self) -> bool {
        let files = [Route::TemplateFile, Route::Description];
        let probes = [Route::Health, Route::Readiness];
        [files, probes].concat().contains(&self)
    }

    /// Whether anyone may ask, without a token.
    #[must_use]
    pub const fn is_open(self) -> bool {
        let service = matches!(
            self,
            Route::Console | Route::Docs | Route::Description | Route::Health | Route::Readiness
        );
        service
            || matches!(
                self,
                Route::Users
                    | Route::Deletion
                    | Route::Token
                    | Route::TokenRefresh
                    | Route::TokenBlacklist
            )
    }

    /// Its methods, as an `Allow` header lists them.
    #[must_use]
    pub const fn allow(self) -> &'static str {
        self.row().allow
    }

    /// Which function answers the method, with 405 where it is not allowed.
    #[must_use]
    pub fn function(self, method: &str) -> &'static str {
        match self.row().except {
            Some((excepted, function)) if excepted == method => function,
            _ => self.row().function,
        }
    }

    /// The media types of bodies it takes, as OPTIONS lists them. The original lists the same three
    /// on each of its routes, whether it takes a body or not; those of datasets list what they take.
    #[must_use]
    pub const fn parses(self) -> &'static [&'static str] {
        match self {
            Route::Dataset => &["application/json"],
            Route::Infer => &["multipart/form-data", "text/csv"],
            Route::Validate => &["multipart/form-data"],
            Route::Audit
            | Route::Datasets
            | Route::DatasetRows
            | Route::DatasetSummary
            | Route::Schema
            | Route::TemplateFile => &[],
            _ => &[
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
            ],
        }
    }

    /// The media type of its answers, as OPTIONS lists it.
    #[must_use]
    pub const fn renders(self) -> &'static str {
        match self {
            Route::TemplateFile => "text/csv",
            _ => "application/json",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        self.row().what
    }

    /// The route of a path, and the values of its variables in their order. A slash at the path's
    /// end makes no difference.
    #[must_use]
    pub fn find(path: &str) -> Option<(Route, Vec<&str>)> {
        let parts = parts(path);
        let matched = |route: Route| Some((route, variables(route.path(), &parts)?));
        Route::ALL.iter().copied().find_map(matched)
    }
}

const fn row(
    path: &'static str,
    allow: &'static str,
    function: &'static str,
    what: &'static str,
) -> Row {
    let except = None;
    Row {
        path,
        allow,
        function,
        except,
        what,
    }
}

impl Row {
    const fn except(self, method: &'static str, function: &'static str) -> Self {
        let except = Some((method, function));
        Self { except, ..self }
    }
}

fn parts(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').collect()
}

fn variables<'p>(pattern: &str, parts: &[&'p str]) -> Option<Vec<&'p str>> {
    let pattern = self::parts(pattern);
    let is_variable = |part: &str| part.starts_with('{');
    let fits = |(pattern, part): (&&str, &&str)| is_variable(pattern) || pattern == part;
    if pattern.len() != parts.len() || !pattern.iter().zip(parts).all(fits) {
        return None;
    }
    let variables = pattern.iter().zip(parts).filter(|(it, _)| is_variable(it));
    Some(variables.map(|(_, part)| *part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Expected = Option<(Route, &'static [&'static str])>;

    #[test]
    fn paths_as_a_table() {
        #[rustfmt::skip]
        let table: [(&str, Expected); 42] = [
            ("/collect/team/1/", Some((Route::Import, &["team", "1"]))),
            ("/collect/team/1", Some((Route::Import, &["team", "1"]))),
            ("/collect//1", Some((Route::Import, &["", "1"]))),
            ("/collect/1//", Some((Route::Import, &["1", ""]))),
            ("/collect/data/", Some((Route::Sales, &[]))),
            ("/collect/data/summary/", Some((Route::Summary, &[]))),
            ("/collect/team/rows/", Some((Route::DatasetRows, &["team"]))),
            ("/collect/team/summary", Some((Route::DatasetSummary, &["team"]))),
            ("/collect/exports/rows/", Some((Route::Export, &["rows"]))),
            ("/collect/team/7/rows/", Some((Route::Rows, &["team", "7"]))),
            ("/collect/exports/7/cancel/", Some((Route::CancelExport, &["7"]))),
            ("/collect/team/7/cancel/", Some((Route::CancelImport, &["team", "7"]))),
            ("/collect/imports/", Some((Route::Everything, &[]))),
            ("/collect/usage", Some((Route::Usage, &[]))),
            ("/collect/imports/1/", Some((Route::Import, &["imports", "1"]))),
            ("/collect/team/7/events/", Some((Route::Events, &["team", "7"]))),
            ("/collect/exports/7/events/", Some((Route::ExportEvents, &["7"]))),
            ("/collect/audit/", Some((Route::Audit, &[]))),
            ("/collect/datasets/", Some((Route::Datasets, &[]))),
            ("/collect/datasets/infer/", Some((Route::Infer, &[]))),
            ("/collect/datasets/orders/", Some((Route::Dataset, &["orders"]))),
            ("/collect/datasets/schema/", Some((Route::Dataset, &["schema"]))),
            ("/collect/orders/schema/", Some((Route::Schema, &["orders"]))),
            ("/collect/orders/template.csv", Some((Route::TemplateFile, &["orders"]))),
            ("/token/", Some((Route::Token, &[]))),
            ("/token/blacklist/", Some((Route::TokenBlacklist, &[]))),
            ("/auth/users/set_password", Some((Route::SetPassword, &[]))),
            ("/auth/deletions/0a/", Some((Route::Deletion, &["0a"]))),
            ("/auth/keys/", Some((Route::ApiKeys, &[]))),
            ("/auth/keys/3/", Some((Route::ApiKey, &["3"]))),
            ("/console/", Some((Route::Console, &[]))),
            ("/console", Some((Route::Console, &[]))),
            ("/console/assets/index.js", None),
            ("/docs/", Some((Route::Docs, &[]))),
            ("/openapi.json", Some((Route::Description, &[]))),
            ("/healthz", Some((Route::Health, &[]))),
            ("/readyz/", Some((Route::Readiness, &[]))),
            ("/", None),
            ("", None),
            ("/collect", None),
            ("/collect/team/1/explode/", None),
            ("/collect/team/1/errors/1/", None),
        ];
        for (path, expected) in table {
            let expected = expected.map(|(route, values)| (route, values.to_vec()));
            assert_eq!(Route::find(path), expected, "{path}");
        }
    }

    #[test]
    fn every_route_finds_itself() {
        for &route in Route::ALL {
            let found = Route::find(route.path()).map(|(found, _)| found);
            assert_eq!(found, Some(route));
        }
    }
}
