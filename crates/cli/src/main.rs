//! `warta`, the command-line interface.
//!
//! Exit codes: 0 success, 1 failure (with a reason on standard error), 2 usage error. No command
//! panics on untrusted input or when its output is closed. Deliberately absent: news logic, which
//! is the engine's, and translations: the output is English.

mod arguments;
mod carrying;
mod catalogue;
mod files;
mod folders;
mod forwarding;
mod health;
mod highlights;
mod html_text;
mod inspect;
mod maintenance;
mod mending;
mod newsletters;
mod older;
mod open;
mod output;
mod packs;
mod pages;
mod reading;
mod saving;
mod searching;
mod subscribing;
mod subscriptions;
mod syncing;
mod text;

use std::process::ExitCode;

use clap::Parser;
use warta_log::Program;

use arguments::{Arguments, Command};
use open::Place;
use output::{Done, Ended, Output, remark};

/// Faster than the system allocator for many small allocations, and returns memory; configured in
/// `.cargo/config.toml`.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let Arguments {
        data_dir,
        json,
        command,
    } = Arguments::parse();
    let place = Place::new(data_dir);
    warta_log::start(Program::CommandLine, place.folder().ok());
    let mut out = Output::new(json);
    let done = run(&command, &place, &mut out);
    // Output before a failure is part of the result.
    match done.and(out.finish()) {
        Ok(()) | Err(Ended::Unread) => ExitCode::SUCCESS,
        Err(Ended::FailedSaid) => ExitCode::FAILURE,
        Err(Ended::Failed(reason)) => {
            remark(format_args!("warta: {reason}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, place: &Place, out: &mut Output) -> Done {
    match command {
        Command::Feeds(what) => subscriptions::run(what, place, out),
        Command::Discover { url, podcasts } => match url {
            Some(url) => subscriptions::discover(url, place, out),
            None => subscriptions::search_podcasts(&podcasts.join(" "), place, out),
        },
        Command::Sync(wanted) => syncing::run(wanted, place, out),
        Command::Articles(wanted) => reading::articles(wanted, place, out),
        Command::Article { id, format } => reading::article(*id, *format, place, out),
        Command::Mark(marking) => reading::mark(marking, place, out),
        Command::Search(wanted) => searching::search(wanted, place, out),
        Command::Trending { limit } => reading::trending(*limit, place, out),
        Command::Story { id } => reading::story(*id, place, out),
        Command::FrontPage => reading::front_page(place, out),
        Command::Save { urls } => saving::run(urls, place, out),
        Command::Highlights(what) => highlights::run(what, place, out),
        Command::Newsletters(what) => newsletters::run(what, place, out),
        Command::Pack(what) => packs::run(what, place, out),
        Command::Share(wanted) => forwarding::share(wanted, place, out),
        Command::Outbox(what) => forwarding::outbox(what, place, out),
        Command::Doctor(wish) => maintenance::doctor(wish, place, out),
        Command::Snapshot => maintenance::snapshot(place, out),
        Command::Restore { file, dry_run } => maintenance::restore(file, *dry_run, place, out),
        Command::Usage => maintenance::usage(place, out),
        Command::Compact(bounds) => maintenance::compact(bounds, place, out),
        Command::Export { file, format } => match format {
            Some(format) => carrying::export(file, *format, place, out),
            None => maintenance::export(file, place, out),
        },
        Command::Import { file, dry_run } => {
            if carrying::is_profile(file)? {
                maintenance::import(file, *dry_run, place, out)
            } else {
                carrying::import(file, *dry_run, place, out)
            }
        }
        Command::Inspect(what) => inspect::run(what, out),
    }
}
