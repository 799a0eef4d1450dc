//! Cells in the dialect of a file.

use crate::dialect::Escape;
use crate::guard::may_cut;

/// How cells are written so that the reading reads them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellWriter {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    pub(crate) escape: Escape,
}

impl CellWriter {
    /// Writes a cell, in quotes where it must or may need them; `first` of its record.
    pub(crate) fn write(self, bytes: &mut Vec<u8>, cell: &[u8], first: bool) {
        let Some(quote) = self.quote else {
            return self.write_escaped(bytes, cell);
        };
        let syntax = |it: &u8| b"\r\n".contains(it) || may_cut(*it) || self.is_syntax(*it);
        let begins_blank = cell.first().is_some_and(|it| b" \t".contains(it));
        let nothing = first && cell.is_empty();
        if !cell.iter().any(syntax) && !begins_blank && !nothing {
            bytes.extend_from_slice(cell);
            return;
        }
        self.quoted(bytes, cell, quote);
    }

    /// Writes a cell in quotes.
    pub(crate) fn quoted(self, bytes: &mut Vec<u8>, cell: &[u8], quote: u8) {
        bytes.push(quote);
        for &byte in cell {
            match self.escape {
                Escape::Doubled if byte == quote => bytes.push(quote),
                Escape::Byte(escape) if byte == quote || byte == escape => bytes.push(escape),
                _ => {}
            }
            bytes.push(byte);
        }
        bytes.push(quote);
    }

    /// Without quotes, syntax is escaped; without an escape, no cell of the original has any, and
    /// what we add does without.
    fn write_escaped(self, bytes: &mut Vec<u8>, cell: &[u8]) {
        for &byte in cell {
            let syntax = b"\r\n".contains(&byte) || self.is_syntax(byte);
            match self.escape {
                Escape::Byte(escape) if syntax => bytes.extend_from_slice(&[escape, byte]),
                _ if syntax => bytes.push(b' '),
                _ => bytes.push(byte),
            }
        }
    }

    fn is_syntax(self, byte: u8) -> bool {
        let escape = match self.escape {
            Escape::Byte(escape) => Some(escape),
            Escape::Doubled | Escape::None => None,
        };
        byte == self.delimiter || Some(byte) == self.quote || Some(byte) == escape
    }
}
