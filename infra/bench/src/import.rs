//! `bench import`: contenders one after the other, again and again, so that other load of the
//! machine falls on all of them.

mod report;

use anyhow::Result;
use xtask::measurements::ImportOptions;

use crate::contenders::{Arena, Contender, Setup, Table};
use crate::environment;
use crate::sample_file::{Records, SampleFile};

use report::{Block, Line, Report};

/// pgloader and Django are measured with these.
const FEW_ROWS: u64 = 100_000;

/// Measures, prints, writes.
pub async fn run(options: ImportOptions) -> Result<()> {
    let mut report = Report::new("import", environment::machine());
    let runs = options.runs;
    for &rows in &options.rows {
        let file = SampleFile::sales(rows)?;
        let block = block(file, &contenders(&options), runs).await?;
        report.blocks.push(block);
    }
    if is_wanted(&options, "wide") {
        let file = SampleFile::of(Records::Wide, options.wide_rows)?;
        report.blocks.push(block(file, &WIDE, runs).await?);
    }
    if is_wanted(&options, "others") {
        let file = SampleFile::sales(FEW_ROWS)?;
        report.blocks.push(block(file, &SLOW, runs.min(3)).await?);
    }
    report.finish(options.write.as_deref())
}

/// Those that take a file of 100 columns.
const WIDE: [Contender; 2] = [
    Contender::Psql,
    Contender::Engine(Setup {
        table: Table::Wide,
        ..Setup::workers(2)
    }),
];

/// Those that would take minutes for more than a few rows, and what they are compared with.
const SLOW: [Contender; 4] = [
    Contender::Psql,
    Contender::Engine(Setup::workers(2)),
    Contender::Pgloader,
    Contender::Django,
];

fn is_wanted(options: &ImportOptions, name: &str) -> bool {
    !options.without.iter().any(|it| it == name)
}

fn contenders(options: &ImportOptions) -> Vec<Contender> {
    let wanted = |name: &str| is_wanted(options, name);
    let mut contenders = Vec::new();
    contenders.extend(wanted("psql").then_some(Contender::Psql));
    contenders.extend(wanted("heap").then_some(Contender::Heap));
    if wanted("engine") {
        let workers = options.workers.iter().map(|it| Setup::workers(*it));
        contenders.extend(workers.map(Contender::Engine));
    }
    let two = Setup::workers(2);
    contenders.extend(options.chunk_mib.iter().map(|it| {
        Contender::Engine(Setup {
            chunk_mib: Some(*it),
            ..two
        })
    }));
    let tables = [("twin", Table::Twin), ("apart", Table::Apart)];
    contenders.extend(
        tables
            .into_iter()
            .filter(|(name, _)| wanted(name))
            .map(|(_, table)| Contender::Engine(Setup { table, ..two })),
    );
    contenders.extend(wanted("whole").then_some(Contender::WholePath));
    contenders.extend(wanted("duckdb").then_some(Contender::Duckdb));
    contenders.extend(wanted("sling").then_some(Contender::Sling));
    contenders
}

async fn block(file: SampleFile, contenders: &[Contender], runs: usize) -> Result<Block> {
    let rows = file.rows;
    let mut block = Block::new(file.records, rows, runs);
    let mut able = Vec::new();
    for contender in contenders {
        match contender.missing() {
            Some(why) => block.missing.push(format!("{}: {why}", contender.name())),
            None => able.push(*contender),
        }
    }
    block.lines = able.iter().map(|it| Line::new(*it)).collect();
    let arena = Arena::new(file, &able).await?;
    for run in 1..=runs {
        for (contender, line) in able.iter().zip(&mut block.lines) {
            let measured = arena.measure(*contender).await;
            let measured = measured.inspect_err(|_| eprintln!("{}:", contender.name()))?;
            report::say_run(rows, run, contender.name(), &measured);
            line.runs.push(measured);
        }
    }
    arena.close().await?;
    Ok(block)
}
