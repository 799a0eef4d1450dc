//! Processes of their own that `import` starts, so that CPU and memory are theirs alone, as they
//! are in Lambda. They talk in lines: numbers of chunks, then the peak of their memory.

pub mod heap_worker;
pub mod planner;
pub mod worker;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The last word of a child: `peak <bytes>`.
const PEAK: &str = "peak ";

/// Says a line to the parent.
fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The last word: the peak of this process's memory.
pub fn say_peak() -> Result<()> {
    say(&format!("{PEAK}{}", crate::processes::own_peak()?))
}

/// A running child.
pub struct Talking {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What a child says.
pub enum Said {
    /// The number of a chunk: planned, or done.
    Chunk(i32),
    /// Its last word: the peak of its memory in bytes.
    Peak(u64),
}

impl Talking {
    /// Starts this program once more with other arguments.
    pub fn start(arguments: &[String]) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().context("a child without output")?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// Tells it the next chunk.
    pub fn tell(&mut self, chunk: i32) -> Result<()> {
        let input = self.input.as_mut().context("the child's input is closed")?;
        writeln!(input, "{chunk}")?;
        Ok(input.flush()?)
    }

    /// Tells it that no more come.
    pub fn tell_end(&mut self) {
        self.input = None;
    }

    /// Waits for its next line.
    pub fn listen(&mut self) -> Result<Said> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            let status = self.child.wait()?;
            bail!("a child ended early: {status}");
        }
        match line.trim().strip_prefix(PEAK) {
            Some(bytes) => Ok(Said::Peak(bytes.parse()?)),
            None => Ok(Said::Chunk(line.trim().parse()?)),
        }
    }

    /// Waits for its end: only then is its CPU counted.
    pub fn end(mut self) -> Result<()> {
        self.input = None;
        let status = self.child.wait()?;
        match status.success() {
            true => Ok(()),
            false => bail!("a child failed: {status}"),
        }
    }
}
