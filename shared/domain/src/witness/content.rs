use crc_fast::{CrcAlgorithm, Digest, checksum_combine};
use serde::{Deserialize, Serialize};

const ALGORITHM: CrcAlgorithm = CrcAlgorithm::Crc64Nvme;

/// A checksum of the bytes of a chunk or of a file. Those of chunks that follow each other give
/// that of the whole, whatever the cuts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentSum {
    /// CRC-64/NVME.
    pub crc: u64,
    /// How many bytes there are.
    pub bytes: u64,
}

impl ContentSum {
    /// The sum of these bytes and the next ones. A sum starts from the default.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let crc = match (self.bytes, next.bytes) {
            (0, _) => next.crc,
            (_, 0) => self.crc,
            _ => checksum_combine(ALGORITHM, self.crc, next.crc, next.bytes),
        };
        Self {
            crc,
            bytes: self.bytes + next.bytes,
        }
    }
}

/// Adds up the bytes of a chunk as they arrive.
#[derive(Clone, Debug)]
pub struct ContentCounter {
    digest: Digest,
    bytes: u64,
}

impl Default for ContentCounter {
    fn default() -> Self {
        Self {
            digest: Digest::new(ALGORITHM),
            bytes: 0,
        }
    }
}

impl ContentCounter {
    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The sum of all bytes.
    pub fn finish(self) -> ContentSum {
        match self.bytes {
            0 => ContentSum::default(),
            bytes => ContentSum {
                crc: self.digest.finalize(),
                bytes,
            },
        }
    }
}
