//! Pieces of HTML.

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

/// Text as it stands in HTML.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// A sentence in Markdown. Links lead to pages that are not served here: only their words stay.
pub(super) fn markdown(text: &str) -> String {
    let is_frame = |it: &Event<'_>| {
        matches!(
            it,
            Event::Start(Tag::Paragraph | Tag::Link { .. })
                | Event::End(TagEnd::Paragraph | TagEnd::Link)
        )
    };
    let mut all = String::new();
    html::push_html(&mut all, Parser::new(text).filter(|it| !is_frame(it)));
    all.trim_end().to_owned()
}

/// A table under a title; nothing if it has no row.
pub(super) fn table<const N: usize>(
    title: &str,
    titles: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let row = |cells: [String; N]| {
        let cells = cells.map(|it| format!("<td>{it}</td>"));
        format!("<tr>{}</tr>\n", cells.concat())
    };
    let rows: String = rows.into_iter().map(row).collect();
    if rows.is_empty() {
        return rows;
    }
    let titles = titles
        .map(|it| format!("<th scope=\"col\">{it}</th>"))
        .concat();
    format!(
        "<h4>{title}</h4>\n<div class=\"wide\"><table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// Names the place of an object.
pub(super) fn anchor(name: &str) -> String {
    format!("object-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_an_element() {
        assert_eq!(escaped("<b a=\"\">&"), "&lt;b a=&quot;&quot;&gt;&amp;");
        assert_eq!(
            markdown("`a<b` or [there](x.md)"),
            "<code>a&lt;b</code> or there"
        );
    }

    #[test]
    fn a_table_without_rows_is_nothing() {
        assert_eq!(table("Nothing", ["a"], []), "");
    }
}
