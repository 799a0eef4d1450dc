//! Against guessing and flooding: tries of passwords, and sign-ups, are counted before they are
//! made, and refused when there were too many.
//!
//! A name that nobody has is counted like one that somebody has, so the refusals tell neither. What
//! a user has to fear of others who try their name is little: tries are counted by name and address
//! first, and by the name alone only when there are very many, and then not for an address that the
//! user has signed in from.

use aws::SdkConfig;
use aws::accounts::{Account, Accounts, Tally};
use aws_lc_rs::hmac;
use domain::address::Address;
use domain::throttle::{Counted, Turn};
use jiff::Timestamp;
use lambda::http::{Proxies, Refusal, Request};
use lambda::{Failure, chain, settings};

/// What a sign-in or sign-up is told that cannot be counted: it is not carried out uncounted.
const UNCOUNTED: &str = "Tries cannot be counted at this moment. Send the request again.";

/// How many tries are free in an hour.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wrong passwords of a name from an address.
    pub of_user_from_address: u32,
    /// Wrong passwords of all names from an address.
    pub from_address: u32,
    /// Wrong passwords of a name from all addresses.
    pub of_user: u32,
    /// New accounts from an address.
    pub sign_ups_from_address: u32,
}

impl Limits {
    fn from_environment() -> Result<Self, settings::SettingError> {
        Ok(Self {
            of_user_from_address: settings::parsed("FAILED_SIGN_INS_OF_USER_FROM_ADDRESS")?,
            from_address: settings::parsed("FAILED_SIGN_INS_FROM_ADDRESS")?,
            of_user: settings::parsed("FAILED_SIGN_INS_OF_USER")?,
            sign_ups_from_address: settings::parsed("SIGN_UPS_FROM_ADDRESS")?,
        })
    }
}

/// Counts tries.
pub struct Guard {
    accounts: Accounts,
    limits: Limits,
    proxies: Proxies,
    /// What remembered addresses are digested with.
    key: hmac::Key,
    clock: fn() -> Timestamp,
}

/// A try of a password. It counts as a failure until it is known to be none.
pub struct Tried {
    username: String,
    sender: Address,
    /// What all tries of the name from this address are counted by.
    pair: Tally,
    others: Vec<Tally>,
    /// Seconds after it in which no other one of the name from this address is made.
    pause: u32,
}

impl Guard {
    /// As the environment says it.
    ///
    /// # Errors
    /// A setting is missing, or the secret cannot be read.
    pub async fn from_environment(config: &SdkConfig, accounts: Accounts) -> Result<Self, Failure> {
        let secret = settings::required("ADDRESS_SECRET_ARN")?;
        let secret = aws::secrets::get_string(config, &secret).await?;
        let proxies = Proxies::from_environment()?;
        let limits = Limits::from_environment()?;
        Ok(Self::new(accounts, limits, proxies, secret.as_bytes()))
    }

    /// With these limits, and this secret for the addresses that are remembered.
    pub fn new(accounts: Accounts, limits: Limits, proxies: Proxies, secret: &[u8]) -> Self {
        Self {
            accounts,
            limits,
            proxies,
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            clock: Timestamp::now,
        }
    }

    /// The same by another clock.
    #[must_use]
    pub fn by_clock(self, clock: fn() -> Timestamp) -> Self {
        Self { clock, ..self }
    }

    /// Where a request came from. Those of which nobody says it are counted together.
    pub fn sender(&self, request: &Request) -> Address {
        let sender = self.proxies.sender(request);
        sender.unwrap_or(Address::UNKNOWN)
    }

    /// Counts a try of a password of this name. What it is counted by follows from nothing that is
    /// known of an account.
    ///
    /// # Errors
    /// 429: there were too many. 503: it cannot be counted.
    pub async fn password(&self, username: &str, sender: Address) -> Result<Tried, Refusal> {
        let address = &sender;
        let pair = Tally::of(&Counted::PasswordFrom { username, address });
        let pause = self.count(&pair, self.limits.of_user_from_address).await?;
        let mut tried = Tried {
            username: username.to_owned(),
            sender,
            pair,
            others: Vec::new(),
            pause,
        };
        let from_address = Tally::of(&Counted::PasswordsFrom(address));
        self.count_too(&mut tried, from_address, self.limits.from_address)
            .await?;
        Ok(tried)
    }

    /// Counts a try by its name alone too, unless the account was signed in from this address.
    ///
    /// # Errors
    /// As [`Guard::password`].
    pub async fn of_user(
        &self,
        tried: &mut Tried,
        account: Option<&Account>,
    ) -> Result<(), Refusal> {
        let address = self.digest(tried.sender);
        if account.is_some_and(|it| it.remembers(&address)) {
            return Ok(());
        }
        let of_user = Tally::of(&Counted::PasswordOf(&tried.username));
        self.count_too(tried, of_user, self.limits.of_user).await
    }

    /// The password was right: the try does not count, nor do those before it of this name from
    /// this address. It does not matter to the user whether that could be written.
    pub async fn was_right(&self, tried: Tried, account: &Account) {
        let address = self.digest(tried.sender);
        let written = tokio::try_join!(
            self.accounts.forget_tries(&tried.pair),
            self.take_back(&tried.others),
            self.accounts.remember_address(account, &address),
        );
        if let Err(error) = written {
            tracing::warn!(cause = chain(&error), "a try was not taken back");
        }
    }

    /// Counts a sign-up. Also one that finds its name taken: it has asked who is there.
    ///
    /// # Errors
    /// As [`Guard::password`].
    pub async fn sign_up(&self, sender: Address) -> Result<(), Refusal> {
        let tally = Tally::of(&Counted::SignUpsFrom(&sender));
        self.count(&tally, self.limits.sign_ups_from_address)
            .await
            .map(|_| ())
    }

    /// Counts a try once more. If it is refused here, it was never made.
    async fn count_too(&self, tried: &mut Tried, tally: Tally, free: u32) -> Result<(), Refusal> {
        match self.count(&tally, free).await {
            Err(throttled @ Refusal::Throttled { .. }) => {
                let pair = std::slice::from_ref(&tried.pair);
                tokio::try_join!(self.take_back(pair), self.take_back(&tried.others))
                    .map_err(uncounted)?;
                Err(throttled)
            }
            counted => {
                tried.others.push(tally);
                counted.map(|_| ())
            }
        }
    }

    /// The seconds after this try in which no other one is made.
    async fn count(&self, tally: &Tally, free: u32) -> Result<u32, Refusal> {
        let turn = self.accounts.count_try(tally, free, (self.clock)());
        match turn.await.map_err(uncounted)? {
            Turn::Try(made) => Ok(made.pause_seconds(free)),
            Turn::Wait(seconds) => {
                tracing::warn!(seconds, "throttled");
                Err(Refusal::Throttled { seconds })
            }
        }
    }

    async fn take_back(&self, tallies: &[Tally]) -> Result<(), aws::Error> {
        for tally in tallies {
            self.accounts.take_try_back(tally).await?;
        }
        Ok(())
    }

    /// What is remembered of an address. Who reads the table cannot find the address from it.
    fn digest(&self, address: Address) -> String {
        let tag = hmac::sign(&self.key, address.place().as_bytes());
        let bytes = tag.as_ref().iter();
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Tried {
    /// What follows from a wrong password, if anything does.
    pub fn consequence(&self) -> Option<String> {
        let words = |pause| format!("From there the next one is refused for {pause} s.");
        Some(self.pause).filter(|it| *it > 0).map(words)
    }
}

/// 503: nothing is tried that cannot be counted.
pub fn uncounted(error: aws::Error) -> Refusal {
    tracing::error!(cause = chain(&error), "tries cannot be counted");
    Refusal::Busy { detail: UNCOUNTED }
}
