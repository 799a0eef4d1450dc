//! A rotation that is broken off before or after any call, and another one in its middle.

use std::cell::{Cell, RefCell};

use aws::secrets::Version;
use domain::limits::{
    NEW_SIGNING_KEY_WAITS_FOR, OLD_SIGNING_KEY_KEPT_FOR, REFRESH_TOKEN_VALID_FOR,
    ROTATION_HELD_FOR, UNKNOWN_KID_READ_AGAIN_AFTER,
};
use jiff::{SignedDuration, Timestamp};

use super::*;

/// A secret has this version before it has one of ours, in some clouds.
const NO_KEY: &str = "00000000-0000-0000-0000-000000000000";

/// Where a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Nothing was done.
    Before(usize),
    /// It was done, and the answer is lost.
    After(usize),
}

/// Ring and secret, and what befalls the calls to them.
struct Fake {
    ring: RefCell<KeyRing>,
    revision: Cell<u64>,
    signs: RefCell<Option<String>>,
    now: Cell<Timestamp>,
    /// The next call, counted from 0.
    call: Cell<usize>,
    fault: Cell<Option<Fault>>,
    /// When which key began to sign, and when each key came into the ring.
    history: RefCell<Vec<(String, Timestamp)>>,
    added: RefCell<Vec<(String, Timestamp)>>,
}

impl Fake {
    fn new() -> Self {
        Self {
            ring: RefCell::default(),
            revision: Cell::new(0),
            signs: RefCell::new(Some(NO_KEY.to_owned())),
            now: Cell::new("2026-01-01T12:00:00Z".parse().unwrap()),
            call: Cell::new(0),
            fault: Cell::new(None),
            history: RefCell::default(),
            added: RefCell::default(),
        }
    }

    /// One that has a key.
    async fn with_a_key() -> Self {
        let fake = Self::new();
        ensure(&fake).await.unwrap();
        fake.passes(SignedDuration::from_hours(1));
        fake
    }

    fn passes(&self, time: SignedDuration) {
        self.now.set(self.now.get() + time);
    }

    /// Does a call, unless it is the one that fails.
    fn call<T>(&self, work: impl FnOnce() -> T) -> Result<T, Failure> {
        let call = self.call.replace(self.call.get() + 1);
        self.passes(SignedDuration::from_millis(10));
        if self.fault.get() == Some(Fault::Before(call)) {
            return Err("before".into());
        }
        let done = work();
        if self.fault.get() == Some(Fault::After(call)) {
            return Err("after".into());
        }
        Ok(done)
    }

    fn kid(&self) -> String {
        self.signs.borrow().clone().unwrap()
    }

    /// What holds at any moment: the key that signs is known, for as long as its tokens live, and so
    /// is every key that has signed, until its last token is over.
    fn is_sound(&self) {
        let ring = self.ring.borrow();
        if self.kid() == NO_KEY {
            return;
        }
        let known = ring.key(&self.kid()).expect("the key that signs is known");
        assert_eq!(known.ends_at, None, "the key that signs has no end");
        let history = self.history.borrow();
        for (signed, until) in history.iter().zip(history.iter().skip(1)) {
            let last_token_ends = until.1 + REFRESH_TOKEN_VALID_FOR;
            if self.now.get() < last_token_ends {
                let known = ring.key(&signed.0).expect("its tokens are not over");
                let end = known.ends_at;
                assert!(end.is_none_or(|it| it >= last_token_ends), "{end:?}");
            }
        }
    }

    /// What holds when a rotation has ended: no other key is without its end.
    fn is_settled(&self) {
        self.is_sound();
        let ring = self.ring.borrow();
        let endless = ring.keys.iter().filter(|it| it.ends_at.is_none());
        let endless: Vec<&str> = endless.map(|it| it.kid.as_str()).collect();
        assert_eq!(endless, [self.kid()]);
        assert_eq!(ring.rotating_until, None);
    }
}

impl Store for Fake {
    type Revision = u64;

    async fn ring(&self) -> Result<(KeyRing, u64), Failure> {
        self.call(|| (self.ring.borrow().clone(), self.revision.get()))
    }

    async fn put_ring(&self, ring: &KeyRing, read: u64) -> Result<bool, Failure> {
        self.call(|| {
            if read != self.revision.get() {
                return false;
            }
            self.revision.set(read + 1);
            for key in &ring.keys {
                let mut added = self.added.borrow_mut();
                if added.iter().all(|(kid, _)| *kid != key.kid) {
                    added.push((key.kid.clone(), self.now.get()));
                }
            }
            *self.ring.borrow_mut() = ring.clone();
            true
        })
    }

    async fn signs(&self) -> Result<Option<String>, Failure> {
        self.call(|| self.signs.borrow().clone())
    }

    async fn sign_with(&self, key: &Version) -> Result<(), Failure> {
        self.call(|| {
            *self.signs.borrow_mut() = Some(key.id.clone());
            let signed = (key.id.clone(), self.now.get());
            self.history.borrow_mut().push(signed);
        })
    }

    async fn wait_until_known(&self) {
        let time = SignedDuration::try_from(NEW_SIGNING_KEY_WAITS_FOR).unwrap();
        self.passes(time);
    }

    fn now(&self) -> Timestamp {
        self.now.get()
    }
}

/// The calls of a rotation that nothing befalls.
async fn calls_of(work: impl AsyncFn(&Fake)) -> usize {
    let fake = Fake::with_a_key().await;
    let before = fake.call.get();
    work(&fake).await;
    fake.call.get() - before
}

#[tokio::test]
async fn a_new_stack_gets_a_key_and_keeps_it() {
    let fake = Fake::new();
    ensure(&fake).await.unwrap();
    fake.is_settled();
    let kid = fake.kid();
    assert_ne!(kid, NO_KEY);
    let written = fake.revision.get();
    ensure(&fake).await.unwrap();
    assert_eq!((fake.kid(), fake.revision.get()), (kid, written));
    let nothing_yet = Fake::new();
    *nothing_yet.signs.borrow_mut() = None;
    ensure(&nothing_yet).await.unwrap();
    nothing_yet.is_settled();
}

#[tokio::test]
async fn old_keys_end_with_their_tokens_or_at_once() {
    let fake = Fake::with_a_key().await;
    let first = fake.kid();
    let rotated = rotate(&fake, Ending::WithItsTokens).await.unwrap();
    fake.is_settled();
    let ends_at = fake.ring.borrow().key(&first).unwrap().ends_at.unwrap();
    assert!(ends_at.duration_since(fake.now()) <= OLD_SIGNING_KEY_KEPT_FOR);
    let expected = Rotated {
        signs: fake.kid(),
        ending: [(first.clone(), ends_at.to_string())].into(),
    };
    assert_eq!(rotated, expected);
    let rotated = rotate(&fake, Ending::AtOnce).await.unwrap();
    assert!(rotated.ending.is_empty());
    assert_eq!(fake.ring.borrow().keys.len(), 1);
    assert!(fake.ring.borrow().key(&fake.kid()).is_some());
}

/// A function that knows the ring as it was before reads it when it meets the new kid.
#[tokio::test]
async fn a_key_is_known_before_it_signs() {
    let fake = Fake::with_a_key().await;
    rotate(&fake, Ending::WithItsTokens).await.unwrap();
    let (kid, signs_at) = fake.history.borrow().last().unwrap().clone();
    let added = fake.added.borrow();
    let (_, added_at) = added.iter().find(|it| it.0 == kid).unwrap();
    assert!(signs_at.duration_since(*added_at) > UNKNOWN_KID_READ_AGAIN_AFTER);
}

#[tokio::test]
async fn a_rotation_may_be_broken_off_anywhere_and_is_finished_by_the_next() {
    let rotation = async |fake: &Fake| drop(rotate(fake, Ending::WithItsTokens).await);
    let calls = calls_of(rotation).await;
    assert!(calls >= 6, "{calls}");
    for call in 0..calls {
        for fault in [Fault::Before, Fault::After] {
            for by_deploy in [false, true] {
                let fake = Fake::with_a_key().await;
                let first = fake.kid();
                fake.fault.set(Some(fault(fake.call.get() + call)));
                let broken = rotate(&fake, Ending::WithItsTokens).await;
                assert!(broken.is_err(), "{call}");
                fake.is_sound();
                fake.fault.set(None);
                // As long as it might still go on, it is left alone.
                let begun = fake.ring.borrow().is_rotating(fake.now());
                assert_eq!(begun, rotate(&fake, Ending::WithItsTokens).await.is_err());
                fake.is_sound();
                fake.passes(ROTATION_HELD_FOR);
                match by_deploy {
                    true => ensure(&fake).await.unwrap(),
                    false => drop(rotate(&fake, Ending::WithItsTokens).await.unwrap()),
                }
                fake.is_settled();
                assert!(by_deploy || fake.kid() != first);
            }
        }
    }
}

#[tokio::test]
async fn the_first_key_may_be_broken_off_anywhere() {
    for call in 0..8 {
        for fault in [Fault::Before, Fault::After] {
            let fake = Fake::new();
            fake.fault.set(Some(fault(call)));
            assert!(ensure(&fake).await.is_err(), "{call}");
            fake.is_sound();
            fake.fault.set(None);
            fake.passes(ROTATION_HELD_FOR);
            ensure(&fake).await.unwrap();
            fake.is_settled();
        }
    }
}

/// Two at the same time: the second one is told so, a deploy leaves it alone.
#[tokio::test]
async fn one_rotation_at_a_time() {
    let fake = Fake::with_a_key().await;
    let now = fake.now();
    let others = Pair::make(now).unwrap();
    assert!(fake.ring.borrow_mut().begin(others.public, now));
    let before = (fake.ring.borrow().clone(), fake.kid());
    let refused = rotate(&fake, Ending::AtOnce).await.unwrap_err();
    assert!(refused.to_string().contains("under way"), "{refused}");
    ensure(&fake).await.unwrap();
    assert_eq!((fake.ring.borrow().clone(), fake.kid()), before);
}

/// The secret may be written by hand, or the table be restored: then there is no key that is known.
#[tokio::test]
async fn a_key_that_nobody_knows_is_replaced() {
    let fake = Fake::with_a_key().await;
    *fake.signs.borrow_mut() = Some("0123456789abcdef0123456789abcdef".to_owned());
    ensure(&fake).await.unwrap();
    fake.is_settled();
    *fake.ring.borrow_mut() = KeyRing::default();
    fake.history.borrow_mut().clear();
    ensure(&fake).await.unwrap();
    fake.is_settled();
}
