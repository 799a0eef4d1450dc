use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use domain::dataset::{Dataset, DatasetVersion};
use uuid::Uuid;

/// A compiled declaration may take 16 MiB, and a function works for a few users at a time.
const KEPT: usize = 4;

/// The datasets that this process has compiled: a version never changes. The owner is a part of the
/// key, so that nothing that is kept for one is ever given to another.
static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

type Key = (Uuid, DatasetVersion);

/// The last one used is the last.
#[derive(Debug, Default)]
struct Cache(Vec<(Key, Arc<Dataset>)>);

pub(super) fn get(owner: Uuid, version: DatasetVersion) -> Option<Arc<Dataset>> {
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    cache.get((owner, version))
}

pub(super) fn keep(owner: Uuid, version: DatasetVersion, dataset: Arc<Dataset>) {
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    cache.keep((owner, version), dataset);
}

impl Cache {
    fn get(&mut self, key: Key) -> Option<Arc<Dataset>> {
        let found = self.0.iter().position(|(it, _)| *it == key)?;
        let entry = self.0.remove(found);
        let dataset = entry.1.clone();
        self.0.push(entry);
        Some(dataset)
    }

    fn keep(&mut self, key: Key, dataset: Arc<Dataset>) {
        self.0.retain(|(it, _)| *it != key);
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push((key, dataset));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalog::TEAM;

    const fn version(id: i64) -> DatasetVersion {
        DatasetVersion { id, version: 1 }
    }

    #[test]
    fn the_last_used_are_kept() {
        let mut cache = Cache::default();
        let owner = Uuid::from_u128(1);
        for id in 1..=4 {
            cache.keep((owner, version(id)), TEAM.clone());
        }
        assert!(cache.get((owner, version(1))).is_some());
        cache.keep((owner, version(5)), TEAM.clone());
        let kept = (1..=5).filter(|id| cache.get((owner, version(*id))).is_some());
        assert_eq!(kept.collect::<Vec<_>>(), [1, 3, 4, 5]);
        assert_eq!(cache.0.len(), KEPT);
    }

    #[test]
    fn nothing_is_found_by_another_owner_or_version() {
        let mut cache = Cache::default();
        cache.keep((Uuid::from_u128(1), version(1)), TEAM.clone());
        assert!(cache.get((Uuid::from_u128(2), version(1))).is_none());
        let second = DatasetVersion { id: 1, version: 2 };
        assert!(cache.get((Uuid::from_u128(1), second)).is_none());
    }

    #[test]
    fn one_that_is_kept_again_has_one_place() {
        let mut cache = Cache::default();
        let key = (Uuid::from_u128(1), version(1));
        cache.keep(key, TEAM.clone());
        cache.keep(key, TEAM.clone());
        assert_eq!(cache.0.len(), 1);
    }
}
