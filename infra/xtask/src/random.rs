//! SplitMix64: small, seedable, and the same on every machine and in every version of this code.
//! The samples and the storm choose by it.

pub struct Random(u64);

impl Random {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One of many streams of a seed, for choices that are made side by side.
    #[must_use]
    pub fn stream(seed: u64, number: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.rotate_left(32));
        random.bits();
        random
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; the bias of the multiplication is far below what can be seen.
    pub fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(end);
        (product >> 64) as u64
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of them, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(u64, T)]) -> T {
        let mut place = self.below(from.iter().map(|it| it.0).sum());
        for (weight, it) in from {
            if place < *weight {
                return *it;
            }
            place -= weight;
        }
        unreachable!("the place lies within the weights")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence_of_seed_zero() {
        let mut random = Random::new(0);
        assert_eq!(random.bits(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(random.bits(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn both_ends_are_reached() {
        let mut random = Random::new(7);
        let seen: std::collections::BTreeSet<u64> =
            (0..200).map(|_| random.between(3, 5)).collect();
        assert_eq!(seen, [3, 4, 5].into());
    }

    #[test]
    fn streams_of_a_seed_differ() {
        let first = |number| Random::stream(1, number).bits();
        assert_ne!(first(0), first(1));
        assert_eq!(first(1), first(1));
    }

    #[test]
    fn a_weight_is_a_share() {
        let mut random = Random::new(7);
        let picked = (0..4_000).filter(|_| random.weighted(&[(3, true), (1, false), (0, false)]));
        let share = picked.count();
        assert!((2_800..3_200).contains(&share), "{share}");
    }

    #[test]
    fn a_percent_is_one_in_a_hundred() {
        let mut random = Random::new(7);
        assert!((0..1_000).all(|_| random.percent(100) && !random.percent(0)));
    }
}
