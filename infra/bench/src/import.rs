//! `bench import`: contenders one after the other, again and again, so that other load of the
//! machine falls on all of them.

mod report;

use anyhow::Result;
use xtask::measurements::ImportOptions;

use crate::contenders::{Arena, Contender, Setup, Table};
use crate::environment;
use crate::sales_file::SalesFile;

use report::{Block, Line, Report};

/// pgloader and Django are measured with these: they would take minutes for more.
const FEW_ROWS: u64 = 100_000;

/// Measures, prints, writes.
pub async fn run(options: ImportOptions) -> Result<()> {
    let mut report = Report::new("import", environment::machine());
    for &rows in &options.rows {
        report
            .blocks
            .push(block(rows, &contenders(&options), options.runs).await?);
    }
    if !options.without.iter().any(|it| it == "others") {
        let others = [
            Contender::Psql,
            Contender::Engine(Setup::workers(2)),
            Contender::Pgloader,
            Contender::Django,
        ];
        report
            .blocks
            .push(block(FEW_ROWS, &others, options.runs.min(3)).await?);
    }
    report.finish(options.write.as_deref())
}

fn contenders(options: &ImportOptions) -> Vec<Contender> {
    let wanted = |name: &str| !options.without.iter().any(|it| it == name);
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
    contenders
}

async fn block(rows: u64, contenders: &[Contender], runs: usize) -> Result<Block> {
    let mut block = Block::new(rows, runs);
    let mut able = Vec::new();
    for contender in contenders {
        match contender.missing() {
            Some(why) => block.missing.push(format!("{}: {why}", contender.name())),
            None => able.push(*contender),
        }
    }
    block.lines = able.iter().map(|it| Line::new(*it)).collect();
    let arena = Arena::new(SalesFile::of(rows)?, &able).await?;
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
