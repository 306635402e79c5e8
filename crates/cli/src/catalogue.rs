//! `feeds catalogue`: the built-in catalogue of publishers.

use serde_json::json;
use warta_engine::Engine;
use warta_engine::api::{CatalogueCheck, CatalogueFeed};

use crate::open::on_runtime;
use crate::output::{Done, Ended, Output, remark};
use crate::subscribing::{new_feed, outcome, subscribe_to};
use crate::text::{ago, column};

pub(crate) fn list(engine: &Engine, words: &[String], out: &mut Output) -> Done {
    let rows = matching(engine, words)?;
    if out.is_json() {
        return rows.iter().try_for_each(|row| out.json(row));
    }
    let now = engine.overview()?.now;
    for row in &rows {
        let already = if row.already { "  (subscribed)" } else { "" };
        let place = [row.country.as_str(), &row.region, &row.city];
        let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
        let facts = format!("{}  {}", row.topics.join(", "), place.join(" "));
        out.line(format!(
            "{}  {}{already}",
            column(&row.title, 32),
            facts.trim_end()
        ))?;
        let failed = row.addresses.iter().filter_map(|address| {
            let finding = address.finding.as_ref()?;
            let code = finding.code?;
            Some((&address.url, code, finding.at))
        });
        for (url, code, at) in failed {
            out.line(format!("  {url} did not answer {}: {code}", ago(now, at)))?;
        }
    }
    if rows.is_empty() {
        return out.line("No publisher has these words.");
    }
    Ok(())
}

/// Subscribes to the rows that have all words, by the first address of each that answers.
pub(crate) fn add(engine: &Engine, words: &[String], folder: &[String], out: &mut Output) -> Done {
    let rows = matching(engine, words)?;
    if rows.is_empty() {
        return Err(Ended::Failed("no publisher has these words".into()));
    }
    let titles: Vec<String> = rows.into_iter().map(|row| row.title).collect();
    let checks = on_runtime(engine.catalogue().check(&titles))??;
    let mut failed = false;
    for check in &checks {
        failed |= check.feed.is_none();
        match add_one(engine, check, folder, out) {
            Err(Ended::Failed(reason)) => {
                remark(format_args!("{}: {reason}", check.title));
                failed = true;
            }
            other => other?,
        }
    }
    if failed {
        Err(Ended::FailedSaid)
    } else {
        Ok(())
    }
}

fn add_one(engine: &Engine, check: &CatalogueCheck, folder: &[String], out: &mut Output) -> Done {
    let title = &check.title;
    let Some(feed) = &check.feed else {
        remark(format_args!("{title}: no address answered"));
        return Ok(());
    };
    let (id, added) = subscribe_to(engine, new_feed(feed, title, folder))?;
    if out.is_json() {
        return out.json(&json!({ "id": id, "url": feed.url, "title": title, "added": added }));
    }
    out.line(format!("{} {title} ({})", outcome(added), feed.url))
}

/// The rows that have all words in their title, site, topics, language or place.
fn matching(engine: &Engine, words: &[String]) -> Done<Vec<CatalogueFeed>> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut rows = engine.catalogue().catalogue()?;
    rows.retain(|row| {
        let topics = row.topics.join(" ");
        let parts = [
            &row.title,
            &row.site,
            &topics,
            &row.language,
            &row.country,
            &row.region,
            &row.city,
        ];
        let text = parts.map(|part| part.to_lowercase()).join(" ");
        words.iter().all(|word| text.contains(word))
    });
    Ok(rows)
}
