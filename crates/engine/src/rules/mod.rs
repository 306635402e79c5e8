//! Applies the reader's rules to articles as they arrive. A rule is applied to an article once; its
//! effects remain when the rule is removed.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use warta_store::{
    ArticleId, ArticleRow, FeedId, ListQuery, Mark, NewArticle, Place, Store, UndoToken, note_name,
};
use warta_text::{folded, folded_words, html_lines};

use crate::api::{Event, Failure, FailureCode, Notice, Result, Rule, RuleApplied, RuleTrial};
use crate::context::locks::locked;
use crate::context::records::{json, read};
use crate::context::{Context, checks};
use crate::reading::rows::Rows;
use crate::reading::tags::{MUTED, Tags};

pub(crate) const RECORDS: &str = "rule/";
/// Maximum size in bytes of a compiled expression.
const LARGEST_PATTERN: usize = 1 << 20;
/// Maximum nesting depth of groups in an expression.
const DEEPEST_PATTERN: u32 = 50;
/// Number of stored articles that a trial examines: by their rows, and when it needs their texts.
const TRIED_ROWS: u32 = 20_000;
const TRIED_TEXTS: u32 = 2_000;
/// Number of matching rows that a trial returns.
const SHOWN: usize = 12;
/// Maximum number of headlines in one notification.
const TOLD: usize = 3;

/// A rule as stored: feeds are identified by URL, so that it is valid in another store.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    rule: Rule,
    feed_urls: Vec<String>,
}

#[derive(Debug)]
struct Compiled {
    rule: Rule,
    phrases: Vec<Vec<String>>,
    authors: Vec<String>,
    pattern: Option<Regex>,
}

/// The parts of an article that rules match against.
struct Seen<'a> {
    feed: u32,
    title: &'a str,
    /// Computed only if a rule needs it.
    text: &'a dyn Fn() -> String,
    authors: &'a [String],
}

/// Pending actions of rules on a new article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Verdict {
    mute: bool,
    tags: Vec<String>,
    /// Names of the rules that notify about it.
    told_by: Vec<String>,
}

/// The note of an article that still has to get these tags.
pub(crate) fn note_of_tags(tags: Vec<String>) -> Option<String> {
    (!tags.is_empty()).then(|| {
        json(&Verdict {
            tags,
            ..Verdict::default()
        })
    })
}

/// The tags that an article with this note still has to get.
pub(crate) fn tags_of_note(name: &str, note: &str) -> Vec<String> {
    read::<Verdict>(name, note).tags
}

/// The compiled rules.
#[derive(Debug, Default)]
pub(crate) struct RuleSet(Vec<Compiled>);

impl RuleSet {
    pub(crate) fn load(store: &Store) -> Result<Self> {
        let by_url: HashMap<String, FeedId> = store
            .feeds()?
            .into_iter()
            .map(|feed| (feed.url, feed.id))
            .collect();
        let mut rules = Vec::new();
        for (name, json) in store.settings_under(RECORDS)? {
            let mut kept: Kept = read(&name, &json);
            let wanted = kept.feed_urls.len();
            let here = kept.feed_urls.iter().filter_map(|url| by_url.get(url));
            kept.rule.feeds = here.map(|id| id.0).collect();
            if wanted > 0 && kept.rule.feeds.is_empty() {
                // All its feeds were removed; do not let it match every feed.
                kept.rule.feeds = vec![u32::MAX];
            }
            match compiled(kept.rule) {
                Ok(_) if rules.len() >= checks::RULES => {
                    tracing::warn!(name, "there are too many rules");
                }
                Ok(rule) => rules.push(rule),
                Err(error) => tracing::warn!(%error, name, "a rule cannot be used"),
            }
        }
        Ok(Self(rules))
    }
}

impl Compiled {
    fn matches(&self, seen: &Seen<'_>) -> bool {
        let rule = &self.rule;
        if !rule.feeds.is_empty() && !rule.feeds.contains(&seen.feed) {
            return false;
        }
        if !self.authors.is_empty() {
            let named = |author: &String| {
                let author = folded(author);
                self.authors.iter().any(|wanted| author.contains(wanted))
            };
            if !seen.authors.iter().any(named) {
                return false;
            }
        }
        if self.phrases.is_empty() && self.pattern.is_none() {
            return true;
        }
        if self.matches_text(seen.title) {
            return true;
        }
        !rule.title_only && self.matches_text(&format!("{}\n{}", seen.title, (seen.text)()))
    }

    fn matches_text(&self, text: &str) -> bool {
        let has_words = self.phrases.is_empty() || {
            let words = folded_words(text);
            let has =
                |phrase: &Vec<String>| words.windows(phrase.len()).any(|window| window == phrase);
            self.phrases.iter().any(has)
        };
        has_words
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(text))
    }

    fn needs_text(&self) -> bool {
        !self.rule.title_only && (!self.phrases.is_empty() || self.pattern.is_some())
    }

    /// Whether it does nothing any more: it has ended or is switched off.
    fn is_over(&self, now: i64) -> bool {
        self.rule.off || self.rule.ends_at.is_some_and(|end| end <= now)
    }
}

/// What applying a rule changed, for undoing.
#[derive(Debug, Default)]
struct Applied {
    read: Option<UndoToken>,
    saved: Vec<ArticleId>,
    tagged: Vec<(u32, Vec<u64>)>,
}

/// The reader's rules and their pending actions.
pub struct Rules {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
    state: Mutex<RuleSet>,
    pending_actions: Mutex<()>,
    applied: Mutex<BTreeMap<u64, Applied>>,
}

impl Rules {
    /// Reloads the rules after a restore.
    pub(crate) fn reload(&self) -> Result<()> {
        *locked(&self.state) = RuleSet::load(&self.ctx.store)?;
        Ok(())
    }

    pub(crate) fn new(
        ctx: &Arc<Context>,
        rows: &Arc<Rows>,
        tags: &Arc<Tags>,
        state: RuleSet,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
            state: Mutex::new(state),
            pending_actions: Mutex::default(),
            applied: Mutex::default(),
        }
    }

    /// The rules, newest first.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        let rules = locked(&self.state);
        let mut all: Vec<Rule> = rules.0.iter().map(|one| one.rule.clone()).collect();
        all.sort_by_key(|rule| std::cmp::Reverse(rule.id));
        all
    }

    /// Stores a rule; id 0 creates a new one. It applies to articles that arrive from now on.
    pub fn keep_rule(&self, rule: Rule) -> Result<Rule> {
        let now = self.ctx.now();
        let mut one = compiled(rule)?;
        let mut rules = locked(&self.state);
        let known = rules
            .0
            .iter()
            .position(|other| other.rule.id == one.rule.id);
        if let Some(at) = known {
            one.rule.made_at = rules.0[at].rule.made_at;
        } else {
            checks::typed(checks::count("rules", rules.0.len() + 1, checks::RULES))?;
            let last = rules.0.iter().map(|other| other.rule.id).max();
            one.rule.id = (now.max(1) as u64).max(last.unwrap_or(0).saturating_add(1));
            one.rule.made_at = now;
        }
        let urls: HashMap<u32, String> = self
            .ctx
            .store
            .feeds()?
            .into_iter()
            .map(|feed| (feed.id.0, feed.url))
            .collect();
        let feed_urls = one.rule.feeds.iter().filter_map(|id| urls.get(id).cloned());
        let kept = Kept {
            feed_urls: feed_urls.collect(),
            rule: one.rule.clone(),
        };
        let record = (format!("{RECORDS}{}", one.rule.id), Some(json(&kept)));
        self.ctx.store.set_settings(&[record])?;
        let rule = one.rule.clone();
        match known {
            Some(at) => rules.0[at] = one,
            None => rules.0.push(one),
        }
        Ok(rule)
    }

    /// Removes a rule; its effects remain.
    pub fn remove_rule(&self, id: u64) -> Result<()> {
        let mut rules = locked(&self.state);
        self.ctx
            .store
            .set_settings(&[(format!("{RECORDS}{id}"), None)])?;
        rules.0.retain(|one| one.rule.id != id);
        Ok(())
    }

    /// Applies a rule to the stored articles, newest first, without changing anything.
    pub fn try_rule(&self, rule: Rule) -> Result<RuleTrial> {
        let one = compiled(rule)?;
        let mut trial = RuleTrial {
            looked_at: 0,
            matching: 0,
            rows: Vec::new(),
        };
        let mut rows = Vec::new();
        trial.looked_at = self.each_match(&one, |row| {
            trial.matching += 1;
            if rows.len() < SHOWN {
                rows.push(row);
            }
        })?;
        trial.rows = self.rows.views(rows)?;
        Ok(trial)
    }

    /// Applies a rule to the stored articles that [`Rules::try_rule`] finds; it notifies of none.
    pub fn apply_rule(&self, rule: Rule) -> Result<RuleApplied> {
        let one = compiled(rule)?;
        let mut ids = Vec::new();
        let mut unsaved = Vec::new();
        self.each_match(&one, |row| {
            ids.push(row.id);
            if !row.saved {
                unsaved.push(row.id);
            }
        })?;
        let rule = &one.rule;
        let numbers: Vec<u64> = ids.iter().map(|id| id.0).collect();
        let mut applied = Applied::default();
        if rule.mute || rule.mark_read {
            applied.read = Some(self.ctx.store.mark_read(&ids)?.1);
        }
        if rule.save {
            let mark = Mark {
                saved: Some(true),
                read: None,
            };
            self.ctx.store.mark(&unsaved, mark, self.ctx.now())?;
            applied.saved = unsaved;
        }
        let muting = rule.mute.then_some(None);
        let tagging = rule.tag.clone().map(Some);
        for name in muting.into_iter().chain(tagging) {
            let without = self.tags.without(name.as_deref(), &numbers);
            let wanted = [(name.clone(), without.clone())];
            self.tags.put_tags(&wanted, Vec::new())?;
            let tag = match &name {
                Some(name) => self.tags.id_of(name),
                None => Some(MUTED),
            };
            applied.tagged.extend(tag.map(|tag| (tag, without)));
        }
        self.rows.hide_by_rules(self.tags.muted());
        let mut all = locked(&self.applied);
        let token = all.keys().next_back().map_or(1, |last| last + 1);
        all.insert(token, applied);
        drop(all);
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(RuleApplied {
            matching: numbers.len() as u32,
            token,
        })
    }

    /// Undoes [`Rules::apply_rule`]; false if it can no longer be undone.
    pub fn undo_rule(&self, token: u64) -> Result<bool> {
        let Some(applied) = locked(&self.applied).remove(&token) else {
            return Ok(false);
        };
        let mark = Mark {
            saved: Some(false),
            read: None,
        };
        self.ctx.store.mark(&applied.saved, mark, self.ctx.now())?;
        self.tags.untag(&applied.tagged)?;
        if let Some(read) = applied.read {
            self.ctx.store.undo(read)?;
        }
        self.rows.hide_by_rules(self.tags.muted());
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(true)
    }

    /// Calls `visit` with each stored article that matches, newest first, among the newest
    /// [`TRIED_ROWS`] or, if the rule needs texts, [`TRIED_TEXTS`]; returns how many were looked at.
    fn each_match(&self, one: &Compiled, mut visit: impl FnMut(ArticleRow)) -> Result<u32> {
        let most = if one.needs_text() {
            TRIED_TEXTS
        } else {
            TRIED_ROWS
        };
        let mut looked_at = 0;
        let mut query = ListQuery {
            place: Place::All,
            unread_only: false,
            before: None,
            limit: 500,
        };
        if let [feed] = one.rule.feeds.as_slice() {
            query.place = Place::Feed(FeedId(*feed));
        }
        loop {
            let page = self.ctx.store.list(&query)?;
            for row in page.rows {
                if looked_at == most {
                    break;
                }
                looked_at += 1;
                let text = || {
                    let article = self.ctx.store.article(row.id).ok().flatten();
                    article.map_or_else(|| row.excerpt.clone(), |one| html_lines(&one.html))
                };
                let seen = Seen {
                    feed: row.feed.0,
                    title: &row.title,
                    text: &text,
                    authors: &row.authors,
                };
                if one.matches(&seen) {
                    visit(row);
                }
            }
            query.before = page.next;
            if query.before.is_none() || looked_at == most {
                return Ok(looked_at);
            }
        }
    }

    /// Applies the rules to arriving articles: sets their marks and records pending actions on
    /// them. The store ignores articles that it already has.
    pub(crate) fn apply_rules(&self, feed: FeedId, articles: &mut [NewArticle]) {
        self.apply(feed, articles, true);
    }

    /// Like [`Self::apply_rules`], without notifications, for articles that are not new.
    pub(crate) fn apply_silently(&self, feed: FeedId, articles: &mut [NewArticle]) {
        self.apply(feed, articles, false);
    }

    fn apply(&self, feed: FeedId, articles: &mut [NewArticle], tell: bool) {
        let rules = locked(&self.state);
        let now = self.ctx.now();
        let current: Vec<&Compiled> = rules.0.iter().filter(|rule| !rule.is_over(now)).collect();
        if current.is_empty() {
            return;
        }
        for article in articles {
            let mut verdict = Verdict::default();
            let (mut is_read, mut saved) = (false, false);
            {
                let text = std::cell::OnceCell::new();
                let html = &article.html;
                let seen = Seen {
                    feed: feed.0,
                    title: &article.title,
                    text: &|| text.get_or_init(|| html_lines(html)).clone(),
                    authors: &article.authors,
                };
                for one in current.iter().filter(|one| one.matches(&seen)) {
                    let rule = &one.rule;
                    verdict.mute |= rule.mute;
                    is_read |= rule.mute || rule.mark_read;
                    saved |= rule.save;
                    verdict.tags.extend(rule.tag.clone());
                    if rule.notify && tell {
                        verdict.told_by.push(rule.name.clone());
                    }
                }
            }
            article.read |= is_read;
            article.saved |= saved;
            article.note = (verdict != Verdict::default()).then(|| json(&verdict));
        }
    }

    /// Carries out pending actions now that the articles have ids, including those pending since
    /// before a kill. Tags and the removal of the pending record are written in one batch. Without
    /// `tell`, notifications stay pending.
    pub(crate) fn carry_out(&self, tell: bool) -> Result<()> {
        let _one = locked(&self.pending_actions);
        let notes = self.ctx.store.notes()?;
        if notes.is_empty() {
            return Ok(());
        }
        let mut tags: BTreeMap<Option<String>, Vec<u64>> = BTreeMap::new();
        let mut told: BTreeMap<String, Vec<ArticleId>> = BTreeMap::new();
        let mut done = Vec::new();
        for (id, note) in notes {
            let name = note_name(id);
            let Verdict {
                mute,
                tags: named,
                told_by,
            } = read(&name, &note);
            if !tell && !mute && named.is_empty() {
                continue;
            }
            if mute {
                tags.entry(None).or_default().push(id.0);
            }
            for tag in named {
                tags.entry(Some(tag)).or_default().push(id.0);
            }
            let mut left = None;
            if tell {
                for rule in told_by {
                    told.entry(rule).or_default().push(id);
                }
            } else if !told_by.is_empty() {
                let notices = Verdict {
                    told_by,
                    ..Verdict::default()
                };
                left = Some(json(&notices));
            }
            done.push((name, left));
        }
        let tags: Vec<_> = tags.into_iter().collect();
        self.tags.put_tags(&tags, done)?;
        if !tags.is_empty() {
            self.rows.hide_by_rules(self.tags.muted());
        }
        for (rule, ids) in told {
            self.tell_of(rule, &ids)?;
        }
        Ok(())
    }

    /// Sends a notification about articles in the name of a rule.
    fn tell_of(&self, rule: String, ids: &[ArticleId]) -> Result<()> {
        let rows = self.ctx.store.rows(ids)?;
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let titles: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
        let more = titles.len().saturating_sub(TOLD);
        let mut text = titles[..titles.len().min(TOLD)].join("\n");
        if more > 0 {
            let _ = write!(text, "\n+{more}");
        }
        self.ctx.emit(Event::Noticed {
            notice: Notice {
                title: rule,
                text,
                article: first.id.0,
                story: None,
            },
        });
        Ok(())
    }
}

/// Checks the lengths of a rule's fields.
fn bounds(rule: &Rule) -> checks::Checked<()> {
    checks::length("a rule's name", rule.name.trim(), checks::NAME)?;
    for (what, list) in [("words", &rule.words), ("authors", &rule.authors)] {
        checks::count(what, list.len(), checks::WORDS_OF_RULE)?;
        for one in list {
            checks::length("a word", one, checks::NAME)?;
        }
    }
    checks::count("feeds", rule.feeds.len(), checks::FEEDS)?;
    let pattern = rule.pattern.as_deref().unwrap_or_default();
    checks::length("a regular expression", pattern, checks::PATTERN)?;
    let tag = rule.tag.as_deref().unwrap_or_default();
    checks::length("a tag", tag, checks::NAME)?;
    Ok(())
}

/// Checks a rule from an imported file.
pub(crate) fn check_record(name: &str, json: &str) -> checks::Checked<()> {
    let mut kept: Kept = serde_json::from_str(json).map_err(|error| error.to_string())?;
    // JavaScript numbers represent ids only up to 2^53.
    if kept.rule.id >= 1 << 53 || name != format!("{RECORDS}{}", kept.rule.id) {
        return Err("its name is not that of its rule".into());
    }
    checks::count("feeds", kept.feed_urls.len(), checks::FEEDS)?;
    if !kept.feed_urls.is_empty() {
        // Feed ids belong to another store; what matters is that the list is not empty.
        kept.rule.feeds = vec![u32::MAX];
    }
    compiled(kept.rule).map(drop).map_err(|why| why.message)
}

/// Checks and compiles a rule.
fn compiled(mut rule: Rule) -> Result<Compiled> {
    checks::typed(bounds(&rule))?;
    let tidy = |list: &mut Vec<String>| {
        for one in list.iter_mut() {
            *one = one.trim().to_owned();
        }
        list.retain(|one| !one.is_empty());
    };
    tidy(&mut rule.words);
    tidy(&mut rule.authors);
    rule.pattern = rule.pattern.filter(|pattern| !pattern.trim().is_empty());
    rule.tag = rule.tag.map(|tag| tag.trim().to_owned());
    rule.tag = rule.tag.filter(|tag| !tag.is_empty());
    let phrases: Vec<Vec<String>> = rule
        .words
        .iter()
        .map(|phrase| folded_words(phrase))
        .collect();
    if phrases.iter().any(Vec::is_empty) {
        return Err(refused("a word needs letters or digits"));
    }
    let asks = !phrases.is_empty()
        || rule.pattern.is_some()
        || !rule.feeds.is_empty()
        || !rule.authors.is_empty();
    if !asks {
        return Err(refused("a rule needs something to look for"));
    }
    let does = rule.mute || rule.mark_read || rule.save || rule.notify || rule.tag.is_some();
    if !does {
        return Err(refused("a rule needs something to do"));
    }
    let pattern = match &rule.pattern {
        Some(pattern) => {
            let built = RegexBuilder::new(pattern)
                .case_insensitive(true)
                .size_limit(LARGEST_PATTERN)
                .dfa_size_limit(LARGEST_PATTERN)
                .nest_limit(DEEPEST_PATTERN)
                .build();
            Some(built.map_err(|error| Failure {
                code: FailureCode::BadPattern,
                message: "the regular expression cannot be read".into(),
                detail: error.to_string(),
            })?)
        }
        None => None,
    };
    rule.name = rule.name.trim().to_owned();
    if rule.name.is_empty() {
        let first = rule.words.first().or(rule.authors.first());
        let first = first.or(rule.pattern.as_ref()).or(rule.tag.as_ref());
        rule.name = first.cloned().unwrap_or_else(|| "…".into());
    }
    Ok(Compiled {
        authors: rule.authors.iter().map(|author| folded(author)).collect(),
        phrases,
        pattern,
        rule,
    })
}

fn refused(why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(rule: Rule, title: &str, text: &str, authors: &[&str]) -> bool {
        let authors: Vec<String> = authors.iter().map(|a| (*a).to_owned()).collect();
        let text = || text.to_owned();
        compiled(rule).unwrap().matches(&Seen {
            feed: 7,
            title,
            text: &text,
            authors: &authors,
        })
    }

    fn rule(words: &[&str]) -> Rule {
        Rule {
            words: words.iter().map(|w| (*w).to_owned()).collect(),
            mute: true,
            ..Rule::default()
        }
    }

    #[test]
    fn all_conditions_and_one_entry_of_each_list_must_match() {
        let by_wisnu = Rule {
            authors: vec!["wisnu".into()],
            ..rule(&["liga"])
        };
        let feeds = |id| Rule {
            feeds: vec![id],
            ..rule(&["liga"])
        };
        let pattern = Rule {
            pattern: Some(r"skor \d+-\d+".into()),
            ..rule(&[])
        };
        let title = Rule {
            title_only: true,
            ..rule(&["liga"])
        };
        for (rule, title, text, expected) in [
            (rule(&["Liga Satu"]), "Hasil liga satu", "", true),
            (rule(&["liga satu"]), "Liga dan satu hal", "", false),
            (rule(&["bola", "liga"]), "Tentang Liga", "", true),
            (rule(&["liga"]), "Legalisasi", "Obligasi", false),
            (rule(&["cafe"]), "Café baru", "", true),
            (rule(&["liga"]), "Olahraga", "Musim liga", true),
            (title.clone(), "Olahraga", "Musim liga", false),
            (by_wisnu.clone(), "Liga", "", true),
            (feeds(7), "Liga", "", true),
            (feeds(8), "Liga", "", false),
            (pattern, "Hasil", "Akhirnya SKOR 2-1.", true),
        ] {
            assert_eq!(
                matches(rule.clone(), title, text, &["Wisnu B."]),
                expected,
                "{rule:?} {title} {text}"
            );
        }
        assert!(!matches(by_wisnu, "Liga", "", &["Sari"]));
    }

    #[test]
    fn a_rule_without_condition_or_action_is_rejected() {
        let nothing = Rule {
            mute: false,
            ..rule(&["a1"])
        };
        let broken = Rule {
            pattern: Some("(".into()),
            ..rule(&[])
        };
        let huge = Rule {
            pattern: Some(r"\w{1000}{1000}".into()),
            ..rule(&[])
        };
        let deep = Rule {
            pattern: Some(format!("{}a{}", "(".repeat(200), ")".repeat(200))),
            ..rule(&[])
        };
        let long_pattern = Rule {
            pattern: Some("a".repeat(checks::PATTERN + 1)),
            ..rule(&[])
        };
        let long_tag = Rule {
            tag: Some("a".repeat(checks::NAME + 1)),
            ..rule(&["a1"])
        };
        let long_name = Rule {
            name: "a".repeat(checks::NAME + 1),
            ..rule(&["a1"])
        };
        let many = vec!["a1"; checks::WORDS_OF_RULE + 1];
        for (rule, code) in [
            (deep, FailureCode::BadPattern),
            (long_pattern, FailureCode::BadInput),
            (long_tag, FailureCode::BadInput),
            (long_name, FailureCode::BadInput),
            (rule(&many), FailureCode::BadInput),
            (
                rule(&[&"a".repeat(checks::NAME + 1)]),
                FailureCode::BadInput,
            ),
            (rule(&[]), FailureCode::BadInput),
            (rule(&["!?"]), FailureCode::BadInput),
            (nothing, FailureCode::BadInput),
            (broken, FailureCode::BadPattern),
            (huge, FailureCode::BadPattern),
        ] {
            assert_eq!(compiled(rule).unwrap_err().code, code);
        }
    }
}
