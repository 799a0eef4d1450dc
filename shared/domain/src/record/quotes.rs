//! Quotes of a record that do not mean what they say.

use super::Record;
use crate::rejection::{BrokenKind, BrokenQuotes};
use crate::rules::is_blank;

impl Record {
    /// The first quote that is stored or dropped by accident, if there is one.
    pub fn broken_quotes(&self) -> Option<BrokenQuotes> {
        self.broken
    }

    /// Any quote of the record that does not mean what it says.
    #[inline]
    pub(crate) fn unsound_quotes(&self) -> Option<BrokenQuotes> {
        self.broken.or_else(|| self.cut_quotes())
    }

    /// The first cell that is only a part of what was one: a quote stands in it behind other text,
    /// and the quote that closes it ends another cell: `7"a, b"`. Neither cell is in quotes.
    #[inline]
    fn cut_quotes(&self) -> Option<BrokenQuotes> {
        let quote = self.quote?;
        memchr::memchr(quote, &self.bytes)?;
        self.find_cut_quotes(quote)
    }

    #[cold]
    fn find_cut_quotes(&self, quote: u8) -> Option<BrokenQuotes> {
        let bare = (0..self.len()).filter(|it| !self.quoted.contains(it));
        let odd = |cell: &[u8]| cell.iter().filter(|it| **it == quote).count() % 2 == 1;
        let cells = bare.filter_map(|it| Some((it, self.field(it)?)));
        let mut odd = cells.filter(|(_, cell)| odd(cell));
        let opens = |cell: &[u8]| {
            let at = memchr::memchr(quote, cell);
            let next = at.and_then(|it| cell.get(it + 1));
            next.is_some_and(|it| !is_blank(*it))
        };
        let (field, _) = odd.find(|(_, cell)| opens(cell))?;
        let closed = odd.any(|(_, cell)| cell.last() == Some(&quote));
        closed.then_some(BrokenQuotes {
            field,
            line: self.line,
            kind: BrokenKind::Cut,
        })
    }

    /// A quote after blanks is data, and was hardly meant to be.
    #[cold]
    pub(super) fn look_at_blanks(&mut self, line: u64) {
        let start = self.ends.last().copied().unwrap_or(0);
        let text = self.bytes[start..].iter().find(|&&it| !is_blank(it));
        if text == self.quote.as_ref() && text.is_some() {
            self.break_quotes(line, BrokenKind::BlankBefore);
        }
    }

    #[cold]
    pub(super) fn break_quotes(&mut self, line: u64, kind: BrokenKind) {
        let field = self.ends.len();
        self.broken
            .get_or_insert(BrokenQuotes { field, line, kind });
    }
}
