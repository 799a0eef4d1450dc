use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// What happened, counted by name, and which promises did not hold.
#[derive(Default)]
pub struct Tally {
    ends: Mutex<BTreeMap<String, u64>>,
    faults: Mutex<BTreeMap<String, u64>>,
    datasets: Mutex<BTreeMap<String, u64>>,
    violations: Mutex<Vec<String>>,
}

impl Tally {
    pub fn end(&self, state: &str) {
        *self.ends.lock().unwrap().entry(state.into()).or_default() += 1;
    }

    pub fn fault(&self, kind: &str) {
        *self.faults.lock().unwrap().entry(kind.into()).or_default() += 1;
    }

    /// What became of a dataset.
    pub fn dataset(&self, what: &str) {
        let mut datasets = self.datasets.lock().unwrap();
        *datasets.entry(what.into()).or_default() += 1;
    }

    /// Adds what was counted elsewhere: `name=number name=number`.
    pub fn count_all(&self, prefix: &str, counts: &str) {
        for count in counts.split_whitespace() {
            if let Some((name, number)) = count.split_once('=') {
                let number: u64 = number.parse().unwrap();
                let name = format!("{prefix}{name}");
                *self.faults.lock().unwrap().entry(name).or_default() += number;
            }
        }
    }

    /// A promise that did not hold.
    pub fn violation(&self, promise: u8, what: &str) {
        let line = format!("promise {promise}: {what}");
        println!("VIOLATION of {line}");
        self.violations.lock().unwrap().push(line);
    }

    /// A thread of the storm that panicked has checked nothing since: that counts as a violation.
    pub fn joined<T>(&self, ended: Result<T, Box<dyn Any + Send>>) {
        if let Err(cause) = ended {
            let words = cause.downcast_ref::<String>().cloned();
            let words = words.or_else(|| cause.downcast_ref::<&str>().map(|it| (*it).to_owned()));
            let line = format!("the storm itself broke: {}", words.unwrap_or_default());
            println!("VIOLATION: {line}");
            self.violations.lock().unwrap().push(line);
        }
    }

    pub fn violations(&self) -> usize {
        self.violations.lock().unwrap().len()
    }

    pub fn line(&self) -> String {
        let (imports, ends) = summed(&self.ends.lock().unwrap());
        let (faults, _) = summed(&self.faults.lock().unwrap());
        let violations = self.violations();
        format!("{imports} imports ({ends}), {faults} faults, {violations} violations")
    }

    pub fn report(&self, seed: u64, took: Duration) -> String {
        let mut lines = vec![format!(
            "seed {seed}, {} s: {}",
            took.as_secs(),
            self.line()
        )];
        let (_, datasets) = summed(&self.datasets.lock().unwrap());
        lines.push(format!("datasets: {datasets}"));
        let faults = self.faults.lock().unwrap();
        let kills: u64 = faults
            .iter()
            .filter(|(kind, _)| kind.starts_with("kill -9"))
            .map(|it| it.1)
            .sum();
        lines.push(format!("kills: {kills}; faults by kind:"));
        lines.extend(
            faults
                .iter()
                .map(|(kind, count)| format!("{count:>6}  {kind}")),
        );
        let violations = self.violations.lock().unwrap();
        lines.extend(violations.iter().map(|it| format!("VIOLATION: {it}")));
        lines.join("\n")
    }
}

fn summed(counts: &BTreeMap<String, u64>) -> (u64, String) {
    let named = counts.iter().map(|(name, count)| format!("{count} {name}"));
    (counts.values().sum(), named.collect::<Vec<_>>().join(", "))
}
