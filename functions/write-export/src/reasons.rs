use domain::reason::Reason;

pub fn upload_lost() -> Reason {
    Reason::new(
        "upload_lost",
        "The parts that were stored are gone; the export has to be asked for again.",
    )
}

pub fn too_large() -> Reason {
    Reason::new(
        "export_too_large",
        "The rows do not fit into one file; export fewer of them at a time.",
    )
}

pub fn not_proven(rows: i64, wanted: i64) -> Reason {
    let words = format!("{rows} rows were written where {wanted} were counted.");
    Reason::new("not_proven", words)
}
