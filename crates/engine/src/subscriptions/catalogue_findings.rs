//! What this copy of Warta found at the catalogue's addresses, kept in the store. It changes the
//! order in which addresses are tried.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use warta_store::{Feed, ProblemCode, Store};

use super::catalogue_table::Row;
use crate::api::{CatalogueFinding, Result};
use crate::context::records;

/// The record of findings.
const RECORD: &str = "own/catalogue";
/// How long an address that did not answer is tried after the others, in seconds.
const STEPPED_BACK: i64 = 30 * 86_400;
/// A subscribed feed counts as not answering after this many failures in a row.
const FAILURES: u32 = 3;

/// Findings by address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Findings(BTreeMap<String, Finding>);

/// What was found at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finding {
    /// When.
    pub(crate) at: i64,
    /// Why it did not answer; `None` if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<ProblemCode>,
    /// The feed that it led to, if that has another address: after a permanent redirect, or found
    /// on the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) feed: Option<String>,
}

impl Findings {
    /// The stored findings, with what syncs found since at the addresses of subscribed feeds.
    pub(crate) fn load(store: &Store, feeds: &[Feed]) -> Result<Self> {
        let json = store.setting(RECORD)?;
        let mut findings: Self =
            json.map_or_else(Self::default, |json| records::read(RECORD, &json));
        for feed in feeds {
            findings.learn(feed);
        }
        Ok(findings)
    }

    /// Adds findings and stores them. Those of addresses that are no longer in the catalogue are
    /// removed.
    pub(crate) fn add(store: &Store, rows: &[Row], new: Vec<(String, Finding)>) -> Result<()> {
        let mut findings = Self::load(store, &[])?;
        findings.0.extend(new);
        let listed: HashSet<&str> = rows
            .iter()
            .flat_map(|row| &row.addresses)
            .map(|address| address.url.as_str())
            .collect();
        findings.0.retain(|url, _| listed.contains(url.as_str()));
        store.set_settings(&[(RECORD.to_owned(), Some(records::json(&findings)))])?;
        Ok(())
    }

    pub(crate) fn of(&self, url: &str) -> Option<&Finding> {
        self.0.get(url)
    }

    /// Whether an address did not answer lately.
    pub(crate) fn is_stepped_back(&self, url: &str, now: i64) -> bool {
        self.of(url).is_some_and(|finding| {
            finding.code.is_some() && now.saturating_sub(finding.at) < STEPPED_BACK
        })
    }

    fn learn(&mut self, feed: &Feed) {
        let failure = (feed.facts.failures_in_a_row >= FAILURES)
            .then_some(feed.facts.failure.as_ref())
            .flatten();
        let (at, code) = match failure {
            Some(failure) => (feed.facts.checked_at, Some(failure.code)),
            None => (feed.facts.succeeded_at, None),
        };
        let Some(at) = at else { return };
        if self.of(&feed.url).is_none_or(|finding| finding.at < at) {
            let finding = Finding {
                at,
                code,
                feed: None,
            };
            self.0.insert(feed.url.clone(), finding);
        }
    }
}

impl From<&Finding> for CatalogueFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            at: finding.at,
            code: finding.code,
            feed: finding.feed.clone(),
        }
    }
}
