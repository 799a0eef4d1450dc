//! Any steps in any order: after each, the kept sums are those of the imports that are in them, and a
//! summary is what the visible rows add up to.

use domain::import::{Import, State};
use postgres::datasets::row_table;
use postgres::{Client, imports};
use xtask::random::Random;

use super::compare::{filters, ways};
use super::orders::{Orders, Sums};
use crate::fixture::database::{Fixture, roll_back_import};

#[derive(Clone, Copy, Debug)]
enum Step {
    Import,
    Replace,
    Add,
    AddLeftOut,
    Cancel,
    Delete,
    TakeOut,
    RollBack,
    Declare,
}

const STEPS: &[(u64, Step)] = &[
    (4, Step::Import),
    (2, Step::Replace),
    (5, Step::Add),
    (2, Step::AddLeftOut),
    (1, Step::Cancel),
    (2, Step::Delete),
    (2, Step::TakeOut),
    (3, Step::RollBack),
    (2, Step::Declare),
];

struct Walk<'f> {
    orders: Orders<'f>,
    imports: Vec<Import>,
    random: Random,
}

#[tokio::test]
async fn sums_are_right_after_any_steps() {
    let fixture = Fixture::new().await;
    let mut summed = 0;
    for seed in 1..=6 {
        let mut random = Random::new(seed);
        let sums = *random.pick(&Sums::ALL);
        let mut walk = Walk {
            orders: Orders::declared(&fixture, sums).await,
            imports: Vec::new(),
            random,
        };
        for step in 0..40 {
            let what = walk.step().await;
            println!("seed {seed}, step {step}: {what:?}");
            walk.orders.sums_are_right().await;
            walk.compare_some().await;
            summed += i64::from(walk.orders.kept().await > 0);
        }
        walk.orders.compare().await;
        walk.end().await;
    }
    assert!(summed > 60, "sums were kept after {summed} of 240 steps");
}

impl Walk<'_> {
    async fn step(&mut self) -> Step {
        let step = self.random.weighted(STEPS);
        match step {
            Step::Import => {
                let rows = self.random.below(60) as i64;
                self.imports.push(self.orders.import(rows).await);
            }
            Step::Declare => {
                let sums = *self.random.pick(&Sums::ALL);
                self.orders.declare(sums).await;
            }
            Step::AddLeftOut => {
                self.orders.minutes_pass(16).await;
                self.orders.add_left_out().await;
            }
            _ => {
                if let Some(import) = self.any().await {
                    self.change(step, &import).await;
                }
            }
        }
        step
    }

    async fn change(&mut self, step: Step, import: &Import) {
        match step {
            Step::Replace if import.state == State::Completed => {
                let rows = 1 + self.random.below(40) as i64;
                self.imports.push(self.orders.replace(import, rows).await);
            }
            Step::Add => self.orders.add(import).await,
            Step::Cancel => {
                let cancel = async |client: &mut Client| {
                    imports::cancel(client, import.owner, "orders", import.number).await
                };
                self.orders.fixture.ask(cancel).await.unwrap();
            }
            Step::Delete => self.orders.delete(import).await,
            Step::TakeOut => self.orders.take_out(import).await,
            Step::RollBack => self.roll_back(import).await,
            _ => {}
        }
    }

    /// As rollback-import does it: out of the sums first.
    async fn roll_back(&self, import: &Import) {
        self.orders.take_out(import).await;
        if import.state.is_rolling_back() {
            let client = self.orders.fixture.connection().await;
            let table = row_table(&client, import).await.unwrap();
            let ended = roll_back_import(&client, import, &table).await;
            assert!(ended.is_some());
        }
    }

    /// One of the imports, as it is now.
    async fn any(&mut self) -> Option<Import> {
        if self.imports.is_empty() {
            return None;
        }
        let uid = self.random.pick(&self.imports).uid;
        let client = self.orders.fixture.connection().await;
        imports::by_uid(&client, uid).await.unwrap()
    }

    /// Each summary has its turn over the steps; all of them are long.
    async fn compare_some(&mut self) {
        let dataset = self.orders.dataset().await;
        for _ in 0..3 {
            let (ways, filters) = (ways(&dataset), filters(&dataset));
            let (by, value) = self.random.pick(&ways);
            let (filter, matching) = self.random.pick(&filters);
            let (way, of) = ((*by, value.as_str()), (filter, *matching));
            self.orders.compare_one(&dataset, way, of).await;
        }
    }

    /// Takes every import back: nothing is left in the sums.
    async fn end(&self) {
        for import in &self.imports {
            self.orders.delete(import).await;
            let client = self.orders.fixture.connection().await;
            let now = imports::by_uid(&client, import.uid).await.unwrap();
            drop(client);
            self.roll_back(&now.expect("it stays")).await;
        }
        assert_eq!(self.orders.kept().await, 0);
    }
}
