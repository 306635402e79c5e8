//! `feeds older`: articles from before a feed's own entries, from its publisher's archive.

use chrono::{Local, NaiveDate, NaiveTime, TimeZone};
use warta_engine::Engine;
use warta_engine::api::{OlderEnd, OlderRequest, OlderRun};

use crate::open::{check_feeds, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::text::{bytes, counted};

/// Which older articles are wanted.
pub(crate) struct Wanted {
    pub(crate) number: Option<u32>,
    pub(crate) since: Option<NaiveDate>,
    pub(crate) megabytes: u32,
    pub(crate) unread: bool,
}

pub(crate) fn run(engine: &Engine, id: u32, wanted: &Wanted, out: &mut Output) -> Done {
    check_feeds(engine, &[id])?;
    let midnight = |date: NaiveDate| {
        let local = Local.from_local_datetime(&date.and_time(NaiveTime::MIN));
        local.earliest().map(|at| at.timestamp())
    };
    let request = OlderRequest {
        number: wanted.number,
        since: wanted.since.and_then(midnight),
        megabytes: wanted.megabytes,
        unread: wanted.unread,
    };
    let back_issues = engine.back_issues();
    let run = on_runtime(async {
        let limits = back_issues.limits(id, wanted.unread).await?;
        if let Some(room) = limits.room {
            remark(format_args!(
                "The limits of the settings keep {} more of this feed.",
                counted(room.into(), "article")
            ));
        }
        if let Some(since) = limits.kept_since {
            remark(format_args!(
                "The limits of the settings keep articles since {}.",
                day(since)
            ));
        }
        back_issues.begin(id, &request)?;
        back_issues.run(id).await
    })??;
    if out.is_json() {
        out.json(&run)?;
    } else {
        show(&run, out)?;
    }
    match (run.end, run.code) {
        (Some(OlderEnd::Failed), Some(code)) => Err(Ended::Failed(format!(
            "the archive could not be fetched: {code}"
        ))),
        _ => Ok(()),
    }
}

fn show(run: &OlderRun, out: &mut Output) -> Done {
    let articles = counted(run.articles.into(), "older article");
    let span = run.oldest.zip(run.newest);
    let span = span.map(|(from, to)| format!(" from {} to {}", day(from), day(to)));
    let texts = (run.texts > 0).then(|| format!(", {}", counted(run.texts.into(), "full text")));
    out.line(format!(
        "Stored {articles}{}{} ({}).",
        span.unwrap_or_default(),
        texts.unwrap_or_default(),
        bytes(run.bytes)
    ))?;
    out.line(match run.end {
        None => "The network is not reachable; the app goes on when it is.",
        Some(OlderEnd::Oldest) => "The archive has no older ones.",
        Some(OlderEnd::Number) => "The number was reached; the same command goes on from there.",
        Some(OlderEnd::Since) => "The date was reached.",
        Some(OlderEnd::Budget) => {
            "The megabytes were reached; the same command goes on from there."
        }
        Some(OlderEnd::Retention) => "The next clean-up would remove what is older.",
        Some(OlderEnd::Stopped) => "It was stopped; the same command goes on from there.",
        Some(OlderEnd::NoArchive) => "The publisher offers no archive.",
        Some(OlderEnd::Refused) => "The publisher does not allow it.",
        Some(OlderEnd::Repeats) => "The archive repeats itself.",
        Some(OlderEnd::Elsewhere) => "The archive goes on at another publisher's address.",
        Some(OlderEnd::Forward) => "The archive has only newer ones.",
        Some(OlderEnd::Endless) => "The archive has too many pages.",
        Some(OlderEnd::Failed) => "A fetch failed; the same command goes on from there.",
    })
}

fn day(time: i64) -> String {
    let local = Local.timestamp_opt(time, 0).earliest();
    local.map_or_else(|| time.to_string(), |at| at.format("%Y-%m-%d").to_string())
}
