//! `highlights`.

use serde_json::json;
use warta_engine::api::HighlightFormat;
use warta_engine::system_clock;

use crate::arguments::{Highlights, HighlightsFormat};
use crate::open::{Place, on_runtime};
use crate::output::{Done, Ended, Output};
use crate::text::{ago, counted, wrapped};

/// Number of highlights requested from the engine at a time.
const PAGE: u32 = 500;
/// Maximum width of a quote.
const MEASURE: usize = 76;

pub(crate) fn run(what: &Highlights, place: &Place, out: &mut Output) -> Done {
    match what {
        Highlights::List { query, limit } => list(&query.join(" "), *limit, place, out),
        Highlights::Export { query, format } => export(&query.join(" "), *format, place, out),
        Highlights::Send => send(place, out),
    }
}

fn list(query: &str, limit: u32, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let now = system_clock().now();
    let width = out.width().map_or(usize::MAX, |width| width.min(MEASURE));
    let mut listed = 0;
    while listed < limit {
        let wanted = (limit - listed).min(PAGE);
        let page = engine.highlights().highlights(query, wanted, listed)?;
        for one in &page.highlights {
            if out.is_json() {
                out.json(one)?;
                continue;
            }
            let article = one.article.map_or_else(|| "-".into(), |id| id.to_string());
            let when = ago(now, one.created_at);
            out.line(format!(
                "{article:>6} {} · {} · {when}",
                one.title, one.publisher
            ))?;
            for line in wrapped(&format!("“{}”", one.quote.exact), width) {
                out.line(format!("       {line}"))?;
            }
            for line in wrapped(&one.note, width) {
                out.line(format!("       {line}"))?;
            }
            if one.lost {
                out.line("       (no longer found in the text)")?;
            }
        }
        listed += page.highlights.len() as u32;
        if page.highlights.is_empty() || listed >= page.total {
            break;
        }
    }
    if listed == 0 && !out.is_json() {
        return out.line("No highlights.");
    }
    Ok(())
}

fn export(query: &str, format: Option<HighlightsFormat>, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let usual = if out.is_json() {
        HighlightsFormat::Json
    } else {
        HighlightsFormat::Markdown
    };
    let format = match format.unwrap_or(usual) {
        HighlightsFormat::Markdown => HighlightFormat::Markdown,
        HighlightsFormat::Json => HighlightFormat::Json,
    };
    let text = engine.highlight_export().file(query, format)?;
    match format {
        HighlightFormat::Markdown if out.is_json() => out.json(&json!({ "markdown": text })),
        HighlightFormat::Markdown => out.raw(&text),
        HighlightFormat::Json => {
            let value = serde_json::from_str(&text).map_err(std::io::Error::from)?;
            out.document(&value)
        }
    }
}

fn send(place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let sent = on_runtime(engine.highlight_export().send())??;
    engine.flush()?;
    if out.is_json() {
        out.json(&sent)?;
    } else {
        out.line(format!("{} sent", counted(sent.sent.into(), "highlight")))?;
    }
    match sent.problem {
        None => Ok(()),
        Some(_) if out.is_json() => Err(Ended::FailedSaid),
        Some(problem) => Err(Ended::Failed(format!(
            "{} not sent: {}",
            counted(sent.left.into(), "highlight"),
            problem.as_str()
        ))),
    }
}
