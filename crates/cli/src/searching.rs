//! `search`.

use serde_json::json;
use warta_engine::api::{Run, SearchPage, SearchProblem, SearchProblemKind, SearchRequest};
use warta_engine::system_clock;

use crate::arguments::Search;
use crate::open::Place;
use crate::output::{Done, Output, remark};
use crate::reading::row_line;
use crate::text::{counted, cut};

pub(crate) fn search(wanted: &Search, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    engine.search().finish_indexing()?;
    let found = engine.search().search_for(&SearchRequest {
        query: wanted.query.join(" "),
        sort: wanted.sort.into(),
        limit: wanted.limit,
        offset: 0,
    })?;
    for problem in &found.problems {
        if out.is_json() {
            remark(json!({ "problem": problem }));
        } else {
            remark(format_args!("warta: {}", sentence(problem)));
        }
    }
    if out.is_json() {
        return found.hits.iter().try_for_each(|hit| out.json(hit));
    }
    if found.hits.is_empty() {
        return out.line("Nothing found.");
    }
    let now = system_clock().now();
    let width = out.width().unwrap_or(usize::MAX).saturating_sub(7);
    for hit in &found.hits {
        row_line(&hit.row, now, out)?;
        let passage = hit.passage.iter().map(shown).collect::<String>();
        if !passage.trim().is_empty() {
            out.line(format!("       {}", cut(passage.trim(), width)))?;
        }
    }
    out.line("")?;
    out.line(summary(&found))
}

fn summary(found: &SearchPage) -> String {
    format!(
        "{} of {}",
        found.hits.len(),
        counted(found.total.into(), "article")
    )
}

/// A run of a snippet; matches are put between asterisks.
fn shown(run: &Run) -> String {
    if run.hit {
        format!("*{}*", run.text)
    } else {
        run.text.clone()
    }
}

/// What is wrong with a query, and what was probably meant.
fn sentence(problem: &SearchProblem) -> String {
    let text = &problem.text;
    let operator = problem.operator.as_deref().unwrap_or_default();
    let what = match problem.kind {
        SearchProblemKind::UnknownOperator if problem.suggestion.is_none() => {
            return format!("there is no operator `{text}:`; it is searched as words");
        }
        SearchProblemKind::UnknownOperator => format!("there is no operator `{text}:`"),
        SearchProblemKind::UnknownValue => {
            format!("`{operator}:` does not know `{text}`; it is ignored")
        }
        SearchProblemKind::UnknownDate => {
            format!("`{text}` is not a date such as 2026-01-31 or 7d; it is ignored")
        }
        SearchProblemKind::MissingValue => {
            format!("the value of `{text}:` has to follow the colon without a space")
        }
        SearchProblemKind::OpenQuote => {
            format!("the quotation mark before `{text}` is not closed")
        }
        SearchProblemKind::NoSuchFeed => format!("there is no feed `{text}`"),
        SearchProblemKind::NoSuchFolder => format!("there is no folder `{text}`"),
        SearchProblemKind::NoSuchTag => format!("there is no tag `{text}`"),
        SearchProblemKind::EmptyRange => {
            "no article can be from this time span: it ends before it begins".to_owned()
        }
        SearchProblemKind::TooManyWords => {
            format!("the query has too many words; `{text}` and what follows is ignored")
        }
    };
    match &problem.suggestion {
        Some(suggestion) => format!("{what}; did you mean `{suggestion}`?"),
        None => what,
    }
}
