//! The locks of a swap: of the two imports, and of the counts of their months.

use domain::quota::Quotas;

use super::*;

/// The months of the swapped import, of the one that takes its place, and of a third one.
#[derive(Clone, Copy, Debug)]
struct Months {
    old: i32,
    new: i32,
}

/// One month before the other, in either direction: a trigger for each row would lock them in the
/// order of the rows, which is the wrong one in one of the two.
const BOTH_WAYS: [Months; 2] = [Months { old: 0, new: 1 }, Months { old: 1, new: 0 }];

/// Moves the rows of the import, or those of its even records, by some months.
async fn shift(fixture: &Fixture, upload: &Upload, months: i32, which: &str) {
    let sql = format!(
        "UPDATE sales_record SET order_date = order_date + make_interval(months => $2) \
         WHERE import_id = $1 AND {which}"
    );
    fixture.execute(&sql, &[&upload.id, &months]).await;
}

struct Three {
    old: Upload,
    new: Upload,
    third: Upload,
}

async fn three(fixture: &Fixture, months: Months) -> Three {
    let third = fixture.awaiting("baseline", 2).await;
    third.finish_chunks(fixture).await;
    shift(fixture, &third, 1, "record % 2 = 0").await;
    third.complete(fixture).await;
    let old = fixture.awaiting_of(third.owner, "baseline", 2, None).await;
    old.finish_chunks(fixture).await;
    shift(fixture, &old, months.old, "true").await;
    old.complete(fixture).await;
    let new = replacement(fixture, &old).await;
    new.finish_chunks(fixture).await;
    shift(fixture, &new, months.new, "true").await;
    Three { old, new, third }
}

/// The later month is held while the swap comes to it. Then the third import is deleted. Returns
/// whether both succeeded.
async fn swap_and_delete(fixture: &Fixture, three: &Three) -> bool {
    let holder = fixture.connection().await;
    let mut swapper = fixture.connection().await;
    let deleter = fixture.connection().await;
    let hold = "SELECT FROM owner_month WHERE owner = $1 AND month = '2015-03-01' FOR UPDATE";
    holder.batch_execute("BEGIN").await.unwrap();
    assert_eq!(
        holder.execute(hold, &[&three.third.owner]).await.unwrap(),
        1
    );
    let pids = [pid(&swapper).await, pid(&deleter).await];
    let new = three.new.import(&holder).await;
    let (new, third) = (&new, &three.third);
    let judged = judged(&holder, new.id).await;
    let swap = finishing::finish(&mut swapper, new, &BASELINE, &judged, &Quotas::UNLIMITED);
    let delete = async {
        fixture.wait_until_all_blocked(&pids[..1]).await;
        imports::delete(&deleter, third.owner, "baseline", third.number).await
    };
    let release = async {
        fixture.wait_until_all_blocked(&pids).await;
        holder.batch_execute("COMMIT").await.unwrap();
    };
    let (swapped, deleted, ()) = within(async { tokio::join!(swap, delete, release) }).await;
    let swapped = matches!(swapped, Ok((_, Finished::Completed(_))));
    swapped && matches!(deleted, Ok(Asked::Done(_)))
}

#[tokio::test]
async fn a_swap_and_the_delete_of_a_third_import_do_not_wait_for_each_other() {
    let fixture = Fixture::with_sessions(16).await;
    for months in BOTH_WAYS {
        let three = three(&fixture, months).await;
        assert!(swap_and_delete(&fixture, &three).await, "{months:?}");
        assert_adds_up(&fixture, &[&three.old, &three.new, &three.third], NEW).await;
    }
}

/// The trigger that was there before, for each row. It shows that the test above has teeth.
const FOR_EACH_ROW: &str = "DROP TRIGGER import_counts ON import; \
    CREATE OR REPLACE FUNCTION count_in_owner_month() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
        INSERT INTO owner_month AS counted (owner, month, rows) \
        SELECT NEW.owner, month, CASE NEW.state WHEN 'completed' THEN rows ELSE -rows END \
        FROM (SELECT date_trunc('month', day::timestamp)::date AS month, sum(rows)::bigint AS rows \
              FROM import_day WHERE import_id = NEW.id GROUP BY 1 ORDER BY 1) AS days \
        ON CONFLICT (owner, month) DO UPDATE SET rows = counted.rows + excluded.rows; \
        RETURN NULL; END $$; \
    CREATE TRIGGER import_counts AFTER UPDATE OF state ON import FOR EACH ROW \
        WHEN ((OLD.state = 'completed') <> (NEW.state = 'completed')) \
        EXECUTE FUNCTION count_in_owner_month();";

#[tokio::test]
async fn with_a_trigger_for_each_row_they_would() {
    let fixture = Fixture::with_sessions(16).await;
    // The UPDATE comes to the two rows as they lie in the table, which is not the same each time:
    // once both ways is not always enough.
    for months in BOTH_WAYS.into_iter().cycle().take(8) {
        let three = three(&fixture, months).await;
        let change = async |client: &mut Client| client.batch_execute(FOR_EACH_ROW).await;
        fixture.ask(change).await.unwrap();
        if !swap_and_delete(&fixture, &three).await {
            return;
        }
    }
    panic!("no deadlock");
}

/// The swap waits for a command to one of the two, which then has come first.
#[tokio::test]
async fn a_swap_waits_for_a_command_that_came_first() {
    let fixture = Fixture::new().await;
    for dataset in DATASETS {
        for cancels_old in [true, false] {
            let (old, new) = about_to_swap(&fixture, dataset).await;
            let asked = if cancels_old { &old } else { &new };
            let user = fixture.connection().await;
            user.batch_execute("BEGIN").await.unwrap();
            let cancel = imports::cancel(&user, asked.owner, dataset, asked.number).await;
            assert!(matches!(cancel.unwrap(), Asked::Done(_)));
            let mut swapper = fixture.connection().await;
            let pids = [pid(&swapper).await, pid(&user).await];
            let import = new.import(&user).await;
            // What finish-import has read before the command came.
            let import = Import {
                state: State::Finishing,
                goal: None,
                ..import
            };
            let judged = judged(&user, new.id).await;
            let finish = finishing::finish(
                &mut swapper,
                &import,
                new.dataset(),
                &judged,
                &Quotas::UNLIMITED,
            );
            let (finished, ()) = within(async {
                tokio::join!(finish, async {
                    fixture.wait_until_blocked(pids[0], pids[1]).await;
                    user.batch_execute("COMMIT").await.unwrap();
                })
            })
            .await;
            let completed = matches!(finished.unwrap().1, Finished::Completed(_));
            assert_eq!(completed, cancels_old);
            let visible = if cancels_old { NEW } else { OLD };
            assert_adds_up(&fixture, &[&old, &new], visible).await;
            let replaced_by = now(&fixture, &old).await.replaced_by;
            assert_eq!(replaced_by, None, "no swap has happened");
        }
    }
}
