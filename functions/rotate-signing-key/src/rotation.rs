//! A rotation, in an order in which it may be broken off anywhere: nothing is signed with a key that
//! is not in the ring, and nothing that was signed is refused before its time. Whoever comes next
//! finishes what was begun.

use contracts::workflow::Rotated;
use domain::key_ring::{Ending, KeyRing};
use lambda::Failure;

use crate::pair::Pair;
use crate::store::Store;

/// Others may write the ring at the same time, but hardly more often than this.
const TRIES: u32 = 5;

/// There shall be a key that signs. If there is one, what an earlier rotation has left is done.
pub(crate) async fn ensure(store: &impl Store) -> Result<(), Failure> {
    let signs = store.signs().await?;
    let (ring, _) = store.ring().await?;
    let known = signs.filter(|it| ring.key(it).is_some());
    match known {
        None => rotate(store, Ending::WithItsTokens).await.map(drop),
        // Whoever is at it does it.
        Some(_) if ring.is_rotating(store.now()) => Ok(()),
        Some(_) => settle(store, Ending::WithItsTokens).await.map(drop),
    }
}

/// There shall be another key that signs.
pub(crate) async fn rotate(store: &impl Store, ending: Ending) -> Result<Rotated, Failure> {
    let now = store.now();
    let pair = Pair::make(now)?;
    // First: whoever has it to sign with finds everyone knowing it.
    let begun = change(store, |ring| {
        let begun = ring.begin(pair.public.clone(), now);
        begun.then_some(ring.keys.len())
    });
    let Some(keys) = begun.await? else {
        return Err(
            "another rotation is under way, or was broken off: try again in two minutes".into(),
        );
    };
    // The first key of a stack has nobody to wait for.
    if keys > 1 {
        store.wait_until_known().await;
    }
    store.sign_with(&pair.private).await?;
    settle(store, ending).await
}

/// The keys that sign no more get their end.
async fn settle(store: &impl Store, ending: Ending) -> Result<Rotated, Failure> {
    let signs = store.signs().await?.ok_or("the secret has no version")?;
    let now = store.now();
    let ring = change(store, |ring| {
        ring.settle(&signs, now, ending);
        ring.clone()
    });
    Ok(shown(ring.await?, signs))
}

/// Changes the ring, unless the change leaves it as it is.
async fn change<T>(store: &impl Store, change: impl Fn(&mut KeyRing) -> T) -> Result<T, Failure> {
    for _ in 0..TRIES {
        let (before, read) = store.ring().await?;
        let mut ring = before.clone();
        let outcome = change(&mut ring);
        if ring == before || store.put_ring(&ring, read).await? {
            return Ok(outcome);
        }
    }
    Err("the key ring is written by others all the time".into())
}

fn shown(ring: KeyRing, signs: String) -> Rotated {
    let ends = |it: domain::key_ring::PublicKey| Some((it.kid, it.ends_at?.to_string()));
    Rotated {
        signs,
        ending: ring.keys.into_iter().filter_map(ends).collect(),
    }
}

#[cfg(test)]
mod tests;
