//! Files that are unpacked or decoded before they are planned, from the upload to their end.

use serde_json::json;

use crate::fixture::client::{Import, User};
use crate::fixture::stack::{sql, wait_until};
use crate::fixture::{cloud, pack, sample};

/// The key of what was prepared for an import, and whether the object that arrived is untouched.
fn prepared_key(import: &Import<'_>) -> String {
    let sql = "SELECT coalesce(prepared_key, '') FROM import WHERE uid = $1";
    sql::one(sql, &[&import.uid])
}

fn size(import: &Import<'_>, column: &str) -> i64 {
    let sql = format!("SELECT {column} FROM import WHERE uid = $1");
    sql::one(&sql, &[&import.uid])
}

/// The file comes to its end as the same file does that needs no preparing.
fn same_as_plain(plain: &[u8], sent: &[u8]) {
    let user = User::new();
    let import = user.upload("team", sent);
    // Another user: the same content again would be warned about.
    let others = User::new();
    let other = others.upload("team", plain);
    let (done, plainly) = (import.ends("completed"), other.ends("completed"));
    for part in [
        "rows_imported",
        "rows_rejected",
        "bytes_total",
        "bytes_done",
    ] {
        assert_eq!(done["progress"][part], plainly["progress"][part], "{part}");
    }
    assert_eq!(done["warnings"], plainly["warnings"]);
    assert_eq!(done["progress"].get("preparing"), None);
    let list = |user: &User, import: &Import<'_>, name: &str| {
        let page = user.get(&format!("{}{name}/", import.path)).expect(200);
        page["results"].clone()
    };
    let both = |name| [list(&user, &import, name), list(&others, &other, name)];
    let [rows, rows_of_other] = both("rows");
    assert_eq!(rows, rows_of_other);
    let [errors, errors_of_other] = both("errors");
    assert_eq!(
        errors, errors_of_other,
        "records and lines are those of the file"
    );
    assert_eq!(size(&import, "object_size"), sent.len() as i64);
    assert_eq!(size(&import, "prepared_size"), plain.len() as i64);
    assert_eq!(import.run(), 1, "one execution did it all");
    assert_eq!(prepared_key(&other), "", "what is plain is read as it is");
}

/// Teams, of which two are rejected, with characters above ASCII and a cell of two lines.
fn teams() -> Vec<u8> {
    let mut file = sample::teams(811, 60);
    file.extend(
        "Ålands IF,\"Çelik\nÖmer\",1\n\"too,many\",of,them,here\n€uro,\u{1F600},2\nalone\n"
            .as_bytes(),
    );
    file
}

#[test]
fn gzip_is_unpacked() {
    let plain = teams();
    same_as_plain(&plain, &pack::gzip(&plain));
}

#[test]
fn zstd_is_unpacked() {
    let plain = teams();
    same_as_plain(&plain, &pack::zstd(&plain));
}

#[test]
fn a_zip_of_one_file_is_unpacked() {
    let plain = teams();
    let archive = pack::zip(&[("teams/", b""), ("teams/teams.csv", &plain)]);
    same_as_plain(&plain, &archive);
}

#[test]
fn utf16_is_decoded_also_in_an_archive() {
    let plain = teams();
    same_as_plain(&plain, &pack::utf16(&plain, true));
    same_as_plain(&plain, &pack::gzip(&pack::utf16(&plain, false)));
}

#[test]
fn a_packed_file_that_is_no_good_fails_in_words() {
    let user = User::new();
    let plain = teams();
    let gzip = pack::gzip(&plain);
    let two = pack::zip(&[("a.csv", &plain), ("b.csv", &plain)]);
    let workbook = pack::zip(&[("[Content_Types].xml", b"<"), ("xl/workbook.xml", b"<")]);
    for (file, code, words) in [
        (&gzip[..gzip.len() - 9], "bad_archive", "ends too early"),
        (&two, "bad_archive", "holds 2 files"),
        (&workbook, "not_text", "Excel workbook"),
        (&pack::gzip(&gzip), "not_text", "Unpack it"),
        (&pack::gzip(b""), "no_records", "empty"),
    ] {
        let import = user.upload("team", file);
        let failed = import.ends("failed");
        assert_eq!(failed["error"]["code"], code, "{failed}");
        let detail = failed["error"]["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
        assert_eq!(
            failed["rollback"],
            json!({"rows_deleted": 0, "rows_remaining": 0})
        );
        let prepared = prepared_key(&import);
        assert_eq!(cloud::object_versions(&prepared), [""; 0]);
        assert!(!cloud::uploads().contains(&prepared));
        assert_eq!(cloud::object_versions(&import.key).len(), 1);
    }
}

#[test]
fn a_delete_takes_both_objects() {
    let user = User::new();
    let import = user.upload("team", &pack::gzip(&teams()));
    import.ends("completed");
    let prepared = prepared_key(&import);
    assert_eq!(cloud::object_versions(&prepared).len(), 1);
    import.delete().is(204, "");
    import.is_forgotten();
    assert_eq!(cloud::object_versions(&prepared), [""; 0]);
    assert_eq!(cloud::object_versions(&import.key), [""; 0]);
    let parts =
        "SELECT count(*) FROM import_part p JOIN import i ON i.id = p.import_id WHERE uid = $1";
    let parts: i64 = sql::one(parts, &[&import.uid]);
    assert_eq!(parts, 0);
}

/// It does nothing that is not wanted any more: its user cancels while it is at work.
#[test]
fn a_cancel_while_it_is_prepared_leaves_the_object_alone() {
    let user = User::new();
    let import = user.upload_to_url("team", &pack::gzip(sample::many_teams()));
    import.until(|_| !prepared_key(&import).is_empty());
    assert_eq!(import.post("cancel").status, 202);
    import.ends("cancelled");
    let prepared = prepared_key(&import);
    let left = || {
        let versions = cloud::object_versions(&prepared);
        !versions.is_empty() || cloud::uploads().contains(&prepared)
    };
    wait_until("nothing of it is left", || !left());
    assert_eq!(cloud::object_versions(&import.key).len(), 1);
    assert_eq!(import.rows_stored(), 0);
}
