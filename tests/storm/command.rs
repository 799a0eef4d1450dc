use xtask::random::Random;

/// What a user may ask of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Cancel,
    Delete,
    Pause,
    Resume,
    Replace,
}

impl Command {
    /// Method and end of the path.
    pub fn request(self) -> (&'static str, &'static str) {
        match self {
            Command::Cancel => ("POST", "cancel/"),
            Command::Delete => ("DELETE", ""),
            Command::Pause => ("POST", "pause/"),
            Command::Resume => ("POST", "resume/"),
            Command::Replace => ("POST", "replace/"),
        }
    }
}

/// When a command is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    AtOnce,
    /// After this number of milliseconds.
    After(u64),
    /// When this number of chunks is stored.
    Stored(i32),
    /// When the last chunk is stored, so that it races with finish.
    Finishing,
}

/// What the user of a story does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plot {
    /// Does nothing and waits for the end.
    Nothing,
    One(Command),
    /// Both at the same time. A replacement comes first: its answer explains the rows that are seen
    /// after the other.
    Both(Command, Command),
    /// Pauses, waits this number of milliseconds, resumes.
    PauseAndResume(u64),
    /// Pauses and never resumes.
    PauseForGood,
    /// Does nothing while its run misses its deadline.
    RunEnds,
    /// Gives the fields of its dataset other titles.
    Retitle,
    /// Adds a field to its dataset.
    AddField,
    /// Drops its dataset.
    Drop,
}

impl Plot {
    /// Of an import into a dataset that the user has declared, or into another.
    pub fn choose(random: &mut Random, declared: bool) -> Self {
        let pause = random.between(50, 2_500);
        let of_dataset = [(8, Plot::Retitle), (5, Plot::AddField), (8, Plot::Drop)];
        if declared && random.percent(20) {
            return random.weighted(&of_dataset);
        }
        random.weighted(&[
            (36, Plot::Nothing),
            (14, Plot::One(Command::Cancel)),
            (10, Plot::One(Command::Delete)),
            (8, Plot::One(Command::Replace)),
            (10, Plot::RunEnds),
            (14, Plot::PauseAndResume(pause)),
            (3, Plot::PauseForGood),
            (6, Plot::Both(Command::Cancel, Command::Delete)),
            (4, Plot::Both(Command::Pause, Command::Cancel)),
            (4, Plot::Both(Command::Pause, Command::Delete)),
            (4, Plot::Both(Command::Replace, Command::Cancel)),
            (3, Plot::Both(Command::Replace, Command::Delete)),
            (2, Plot::Both(Command::Replace, Command::Replace)),
        ])
    }
}

impl Moment {
    pub fn choose(random: &mut Random) -> Self {
        let (after, chunks) = (random.between(50, 4_000), random.between(1, 4));
        random.weighted(&[
            (10, Moment::AtOnce),
            (40, Moment::After(after)),
            (30, Moment::Stored(chunks as i32)),
            (20, Moment::Finishing),
        ])
    }
}
