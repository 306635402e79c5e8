//! `feeds mend`: new addresses of feeds that stopped.

use serde_json::json;
use warta_engine::Engine;
use warta_engine::api::{FeedOffer, OfferProof};

use crate::open::{check_feeds, on_runtime};
use crate::output::{Done, Output};
use crate::text::{ago, counted};

/// What to do with the feeds.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Accept,
    Decline,
    TakeBack,
}

pub(crate) fn run(engine: &Engine, ids: &[u32], answer: Option<Answer>, out: &mut Output) -> Done {
    check_feeds(engine, ids)?;
    let mending = engine.mending();
    let Some(answer) = answer else {
        return look(engine, ids, out);
    };
    for id in ids {
        let (name, said) = match answer {
            Answer::Accept => {
                mending.accept(*id)?;
                (
                    "accepted",
                    "has the new address; its articles come with the next sync",
                )
            }
            Answer::Decline => {
                mending.decline(*id)?;
                ("declined", "keeps its address")
            }
            Answer::TakeBack => {
                mending.take_back(*id)?;
                ("takenBack", "has its earlier address again")
            }
        };
        if out.is_json() {
            out.json(&json!({ "id": id, "answer": name }))?;
        } else {
            out.line(format!("Feed {id} {said}."))?;
        }
    }
    Ok(())
}

fn look(engine: &Engine, ids: &[u32], out: &mut Output) -> Done {
    let mending = engine.mending();
    let offers = if ids.is_empty() {
        mending.offers()?
    } else {
        let mut offers = Vec::new();
        for id in ids {
            offers.extend(on_runtime(mending.look_for(*id))??);
        }
        offers
    };
    if out.is_json() {
        return offers.iter().try_for_each(|offer| out.json(offer));
    }
    if offers.is_empty() {
        return out.line("Nothing was found.");
    }
    let now = engine.overview()?.now;
    for offer in &offers {
        show(offer, now, out)?;
    }
    out.line("To take them: warta feeds mend ID… --accept")
}

fn show(offer: &FeedOffer, now: i64, out: &mut Output) -> Done {
    out.line(format!("{:>5}  {}", offer.feed, offer.title))?;
    out.line(format!("       from {}", offer.from))?;
    out.line(format!("       to   {}", offer.to.url))?;
    let proof = match offer.proof {
        OfferProof::Articles { count } => {
            format!("{} of it stored already", counted(count.into(), "article"))
        }
        OfferProof::Titles { count } => format!("{} the same", counted(count.into(), "title")),
        OfferProof::Site => "the same name and site".into(),
    };
    let newest = offer.newest.map(|at| format!("; newest {}", ago(now, at)));
    out.line(format!("       {proof}{}", newest.unwrap_or_default()))?;
    if offer.loses_tls {
        out.line("       not encrypted any more")?;
    }
    Ok(())
}
