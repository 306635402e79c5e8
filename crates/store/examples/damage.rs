//! Damages stores at random and counts what went wrong:
//! `damage [--rounds N] [--seed S] [--threads T] [--only ROUND]`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at whatever it did not expect"
)]
#[path = "../tests/support/damage.rs"]
mod support;

use std::process::ExitCode;

use support::Kind;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<u64>().ok()
    };
    let seed = number("--seed").unwrap_or(1);
    let (did, faults) = if let Some(round) = number("--only") {
        let (what, faults) = support::Template::new(seed).round(seed, round);
        (vec![(round, what)], faults)
    } else {
        let threads = number("--threads").unwrap_or(2);
        support::run(number("--rounds").unwrap_or(100), seed, threads)
    };
    for fault in &faults {
        let what = did.iter().find(|(round, _)| *round == fault.round);
        let what = what.map_or("", |(_, what)| what);
        println!(
            "round {} ({what}): {:?}: {}",
            fault.round, fault.kind, fault.what
        );
    }
    let count = |kind: Kind| {
        let rounds = faults.iter().filter(|fault| fault.kind == kind);
        let rounds: std::collections::BTreeSet<u64> = rounds.map(|fault| fault.round).collect();
        rounds.len()
    };
    println!(
        "{} rounds: {} panics, {} unreported losses, {} locked stores, {} sound things missing, \
         {} wrong reports, {} wrong searches, {} not repaired",
        did.len(),
        count(Kind::Panic),
        count(Kind::Unreported),
        count(Kind::Locked),
        count(Kind::Missing),
        count(Kind::WrongReport),
        count(Kind::Search),
        count(Kind::NotRepaired),
    );
    if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
