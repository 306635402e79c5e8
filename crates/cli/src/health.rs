//! `feeds health`, and what cleans up: `feeds every` and `feeds mute`.

use serde_json::json;
use warta_engine::Engine;
use warta_engine::api::{Ailment, FeedInterval, Rule};

use crate::arguments::HealthKind;
use crate::open::check_feeds;
use crate::output::{Done, Output, remark};
use crate::text::ago;

pub(crate) fn list(engine: &Engine, kinds: &[HealthKind], out: &mut Output) -> Done {
    let mut feeds = engine.health().feed_health()?;
    if !kinds.is_empty() {
        feeds.retain(|feed| feed.ailments.iter().any(|one| kinds.contains(&kind(one))));
    }
    if out.is_json() {
        return feeds.iter().try_for_each(|feed| out.json(feed));
    }
    if feeds.is_empty() {
        return out.line("Nothing to report.");
    }
    let now = engine.overview()?.now;
    for feed in &feeds {
        out.line(format!("{:>5}  {}", feed.feed, feed.title))?;
        for ailment in &feed.ailments {
            out.line(format!("       {}", words(ailment, now)))?;
        }
    }
    Ok(())
}

fn kind(ailment: &Ailment) -> HealthKind {
    match ailment {
        Ailment::Ended { .. } => HealthKind::Ended,
        Ailment::Failing { .. } => HealthKind::Failing,
        Ailment::Silent { .. } => HealthKind::Silent,
        Ailment::Empty { .. } => HealthKind::Empty,
        Ailment::Flood { .. } => HealthKind::Flood,
        Ailment::NeverRead { .. } => HealthKind::NeverRead,
        Ailment::Duplicate { .. } => HealthKind::Duplicate,
    }
}

fn words(ailment: &Ailment, now: i64) -> String {
    match ailment {
        Ailment::Ended { at } => format!("removed by its publisher, seen {}", ago(now, *at)),
        Ailment::Failing {
            failures,
            succeeded_at,
            problem,
        } => {
            let last = succeeded_at.map_or("never".into(), |at| ago(now, at));
            format!(
                "fails: {} ({failures} in a row; last worked: {last})",
                problem.detail
            )
        }
        Ailment::Silent {
            newest,
            usual_seconds,
        } => {
            let days = usual_seconds.map(|seconds| f64::from(seconds) / 86_400.0);
            let usual = days.map_or(String::new(), |days| {
                format!(", usually every {days:.1} days")
            });
            format!("silent: newest article {}{usual}", ago(now, *newest))
        }
        Ailment::Empty { since } => format!("no article since {}", ago(now, *since)),
        Ailment::Flood { a_day } => format!("floods: {a_day} articles a day"),
        Ailment::NeverRead { articles } => {
            format!("not read: {articles} articles in 30 days, none of them read")
        }
        Ailment::Duplicate {
            of_title, percent, ..
        } => format!("{percent}% of its articles are also in {of_title}"),
    }
}

pub(crate) fn every(engine: &Engine, minutes: u32, ids: &[u32], out: &mut Output) -> Done {
    check_feeds(engine, ids)?;
    let intervals: Vec<FeedInterval> = ids
        .iter()
        .map(|id| FeedInterval {
            feed: *id,
            every_minutes: minutes,
        })
        .collect();
    for before in engine.feeds().set_intervals(&intervals)? {
        let FeedInterval {
            feed,
            every_minutes,
        } = before;
        if out.is_json() {
            out.json(&json!({ "feed": feed, "every_minutes": minutes, "former": every_minutes }))?;
        } else if every_minutes == 0 {
            out.line(format!("{feed}: set; before, Warta chose"))?;
        } else {
            out.line(format!("{feed}: set; before, {every_minutes} minutes"))?;
        }
    }
    Ok(())
}

pub(crate) fn mute(engine: &Engine, ids: &[u32], off: bool, out: &mut Output) -> Done {
    check_feeds(engine, ids)?;
    for id in ids {
        let mutes = |rule: &&Rule| {
            let only = Rule {
                id: rule.id,
                name: rule.name.clone(),
                made_at: rule.made_at,
                ..mute_rule(*id)
            };
            **rule == only
        };
        let rules = engine.rules().rules();
        let known: Vec<u64> = rules.iter().filter(mutes).map(|rule| rule.id).collect();
        if off {
            for rule in &known {
                engine.rules().remove_rule(*rule)?;
            }
        } else if known.is_empty() {
            engine.rules().keep_rule(mute_rule(*id))?;
        }
        if out.is_json() {
            out.json(&json!({ "feed": id, "muted": !off }))?;
        } else if off {
            out.line(format!("{id}: not muted"))?;
        } else {
            out.line(format!("{id}: muted"))?;
        }
    }
    remark("This applies to new articles; stored ones stay as they are.");
    Ok(())
}

fn mute_rule(feed: u32) -> Rule {
    Rule {
        name: format!("Mute feed {feed}"),
        feeds: vec![feed],
        mute: true,
        ..Rule::default()
    }
}
