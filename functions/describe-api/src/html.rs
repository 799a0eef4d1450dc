//! Pages: HTML with its style in it, and nothing else. The policy that is sent with a page allows
//! this style, by its hash, and no script, image, frame or form.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lambda::http::{Response, respond};
use sha2::{Digest as _, Sha256};

/// A page and its policy.
pub struct Html {
    text: String,
    policy: String,
}

impl Html {
    /// A page with at most one element `style`.
    pub fn new(text: String) -> Self {
        let style = text.split_once("<style>").map(|it| it.1);
        let style = style.and_then(|it| it.split_once("</style>"));
        let styles = match style {
            Some((style, _)) => format!("'sha256-{}'", hash(style)),
            None => "'none'".to_owned(),
        };
        let policy = format!(
            "default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        Self { text, policy }
    }

    /// 200 with the page.
    pub fn response(&self) -> Response {
        respond::html(self.text.clone(), &self.policy)
    }
}

fn hash(style: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(style))
}

/// Text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_s_own_style_is_allowed() {
        let page = Html::new("<head><style>p{}</style></head>".to_owned());
        let expected = format!("style-src 'sha256-{}';", hash("p{}"));
        assert!(page.policy.contains(&expected), "{}", page.policy);
        let plain = Html::new("<p>".to_owned());
        assert!(plain.policy.contains("style-src 'none';"));
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escaped("<a href=\"x&y\">"),
            "&lt;a href=&quot;x&amp;y&quot;&gt;"
        );
    }
}
