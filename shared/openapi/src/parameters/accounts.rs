//! Who asks.

use super::{Group, taken};
use crate::shape::Shape::{Between, Choice, Email, Flag, Text, Time};

/// Of a sign-up.
pub const SIGN_UP: Group = Group {
    title: "**Body of a sign-up**, `POST /auth/users/`",
    names: &[
        taken("username", Text, "letters, digits and `@.+-_`", "needed").needed(),
        taken(
            "password",
            Text,
            "not too short, common, numeric, or like the name or the address",
            "needed",
        )
        .needed(),
        taken("email", Email, "an address", "may be missing or empty"),
    ],
};

/// Of a new API key.
pub const NEW_KEY: Group = Group {
    title: "**Body of a new API key**, `POST /auth/keys/`",
    names: &[
        taken("name", Text, "text", "what you call it").needed(),
        taken(
            "access",
            Choice(&["read", "write"]),
            "`read` or `write`",
            "whether the key may only read, or do all that its user may",
        )
        .needed(),
        taken(
            "days",
            Between(1, 365),
            "a whole number from 1 to 365",
            "the key ends so many days from now; 90 without it",
        ),
        taken(
            "expires_at",
            Time,
            "a time with its offset: `2027-01-31T00:00:00Z`",
            "the key ends then, in place of `days`",
        ),
        taken(
            "current_password",
            Text,
            "text",
            "your password, so that an access token that is stolen does not become a key",
        )
        .needed(),
    ],
};

/// Of another password.
pub const NEW_PASSWORD: Group = Group {
    title: "**Body of a change of password**, `POST /auth/users/set_password/`",
    names: &[
        taken(
            "new_password",
            Text,
            "as for a sign-up",
            "the password from then on",
        )
        .needed(),
        taken("current_password", Text, "text", "the password until then").needed(),
    ],
};

/// Of the end of an account.
pub const DELETION: Group = Group {
    title: "**Body of the deletion of an account**, `DELETE /auth/users/me/`",
    names: &[taken(
        "current_password",
        Text,
        "text",
        "your password, so that who has a stolen access token cannot delete anything for good",
    )
    .needed()],
};

/// Of a sign-in.
pub const SIGN_IN: Group = Group {
    title: "**Body of a sign-in**, `POST /token/`",
    names: &[
        taken("username", Text, "text", "whose tokens are asked for").needed(),
        taken("password", Text, "text", "the password, with its blanks").needed(),
        taken(
            "rotate",
            Flag,
            "true or false",
            "the refresh token is exchanged for another one whenever it is used; false without it",
        ),
        taken(
            "cookie",
            Flag,
            "true or false",
            "the refresh token, one that is exchanged, comes in the cookie `collect_refresh` instead of the body; needs the header `X-Collect-Console`; false without it",
        ),
    ],
};

/// Of a new access token, or a sign-out.
pub const REFRESH: Group = Group {
    title: "**Body of a refresh or a sign-out**, `POST /token/refresh/` and `POST /token/blacklist/`",
    names: &[taken(
        "refresh",
        Text,
        "a refresh token",
        "needed, unless the cookie has it",
    )],
};

/// Of a sign-out.
pub const SIGN_OUT: Group = Group {
    title: "**Body of a sign-out**, `POST /token/blacklist/`",
    names: &[taken(
        "all",
        Flag,
        "true or false",
        "end every token of the user that was issued until now; without it only this one and its family",
    )],
};
