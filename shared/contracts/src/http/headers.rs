//! Headers that answers have whatever they say.

/// What every answer has, in lower case: the functions' (`lambda::http`), the gateway's own
/// (`GatewayResponses` in the template) and those of the local front door.
///
/// - A browser takes a body for what its content type says, and for nothing else.
/// - Nobody on the way keeps an answer: it holds a user's data, their tokens or signed links. The files
///   of the console say otherwise, as they hold nothing of anybody.
/// - A browser that has been here by HTTPS comes by nothing else for a year.
pub const ON_EVERY_ANSWER: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    (
        "strict-transport-security",
        "max-age=31536000; includeSubDomains",
    ),
];
