//! Online clustering: inserts each article into a story.

use std::collections::{BTreeMap, HashMap};

use crate::article::Article;
use crate::index::{ALONE, Index, Term};
use crate::linkage::{LOOK, Links, Part, Uses, grouped};
use crate::model::{Item, Preferences, Story, StoryNumber};
use crate::publisher_site::publisher_site;
use crate::tokenizer::{Language, Reader};
use crate::tuning::Tuning;
use crate::{near_duplicates, trend};

/// Maximum size of a story that is split into single articles when it is regrouped.
const SMALL: usize = 24;
/// Maximum number of articles in one regrouping.
const POOL: usize = 96;
/// Maximum number of nearby stories considered for an article.
const NEIGHBOURS: usize = 24;
/// Number of articles that represent a large story.
const SAMPLE: usize = 16;
/// Growth factor since the last regrouping at which a story is regrouped.
const GROWN: f32 = 1.25;
/// Number of recent articles of a story checked as the source of a copy.
const COPY_CANDIDATES: usize = 48;
/// Minimum number of names and numbers shared by two articles in different languages to match.
const FACTS: usize = 2;
/// Maximum number of articles of one publisher's site that count towards the size of a story;
/// further ones are taken for repetitions.
const MAX_PER_SITE: usize = 4;
/// Number of latest articles of a story searched for repetitions.
const LATEST: usize = 32;
const HOUR: i64 = 3600;
/// Maximum number of articles inserted again at the end of an hour.
const HOUR_ARTICLES: usize = 10_000;

/// A story with its articles.
#[derive(Debug, Clone, Default)]
struct Group {
    /// Articles in arrival order.
    members: Vec<u32>,
    /// Size, time span and word count of the whole.
    extent: Part,
    /// Its size when it was last regrouped.
    size_at_regroup: usize,
}

/// Groups articles into stories online: one pass, in arrival order.
#[derive(Debug, Default)]
pub struct Clusterer {
    tuning: Tuning,
    reader: Reader,
    index: Index,
    articles: Vec<Article>,
    by_id: HashMap<u64, u32>,
    sites: HashMap<String, u32>,
    stories: HashMap<u32, Group, foldhash::fast::FixedState>,
    next: u32,
    /// Number of articles when words were last reweighed.
    articles_at_reweigh: usize,
    hour: Hour,
    preferences: Preferences,
    /// Scratch space of [`Clusterer::links`], empty between calls.
    uses: Uses,
}

/// The hour of publication being inserted. When it ends, its articles are inserted again by time,
/// so that the order of arrival makes no difference.
#[derive(Debug, Default)]
struct Hour {
    /// Hours since 1970.
    number: i64,
    /// Number of articles stored before it.
    before: usize,
    /// Stories that changed within it, as they were before; `None` for those that are new.
    saved: BTreeMap<u32, Option<Group>>,
    /// Whether words were reweighed within it.
    weighed: bool,
}

impl Clusterer {
    /// An empty clusterer with the default parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty clusterer with other parameters.
    #[must_use]
    pub fn with_tuning(tuning: Tuning) -> Self {
        Self {
            tuning,
            ..Self::default()
        }
    }

    /// Sets what later calls prefer in headlines.
    pub fn set_preferences(&mut self, preferences: Preferences) {
        self.preferences = preferences;
    }

    /// Inserts an article and returns its story. An article that is known already stays where it
    /// is. Later articles may merge or split stories: [`Clusterer::story_of`] gives the current
    /// one.
    pub fn insert(&mut self, item: &Item) -> StoryNumber {
        if let Some(at) = self.by_id.get(&item.id) {
            return StoryNumber(self.articles[*at as usize].story);
        }
        let text = self.reader.read(
            &item.title,
            &item.text,
            item.language.as_deref(),
            &self.tuning,
        );
        let mut terms = self.index.learn(&text.words);
        self.index.weigh(&mut terms, &self.tuning);
        let at = item
            .published
            .unwrap_or_else(|| self.articles.last().map_or(0, |stored| stored.at));
        if at.div_euclid(HOUR) != self.hour.number {
            self.close_hour();
            self.hour.number = at.div_euclid(HOUR);
        }
        let article = self.articles.len() as u32;
        self.by_id.insert(item.id, article);
        let publisher_site = publisher_site(&item.publisher);
        let next = self.sites.len() as u32 + 1;
        let site = match publisher_site.as_str() {
            "" => 0,
            _ => *self.sites.entry(publisher_site.clone()).or_insert(next),
        };
        self.articles.push(Article {
            id: item.id,
            publisher: item.publisher.trim().to_lowercase(),
            publisher_site,
            site,
            at,
            title_length: item.title.chars().count(),
            terms,
            word_hashes: text.word_hashes,
            language: text.language,
            story: 0,
            copy_of: None,
            counted: true,
        });
        self.begin(article);
        if self.reweighing_is_due() {
            self.reweigh();
            self.hour.weighed = true;
        }
        if self.articles.len() - self.hour.before > HOUR_ARTICLES {
            self.commit_hour();
        }
        StoryNumber(self.articles[article as usize].story)
    }

    /// Gives an article a story of its own, then finds the one it belongs to.
    fn begin(&mut self, article: u32) {
        self.next += 1;
        let story = self.next;
        self.save(story);
        let stored = &mut self.articles[article as usize];
        stored.story = story;
        self.index.add(story, &stored.terms);
        let group = Group {
            members: vec![article],
            extent: Part::new(
                1.0,
                1.0,
                stored.at,
                stored.at,
                stored.terms.len() as f32,
                &self.tuning,
            ),
            size_at_regroup: 1,
        };
        self.stories.insert(story, group);
        self.assign_story(article);
        self.articles[article as usize].copy_of = self.copied(article);
        if self.is_repeated(article) {
            let stored = &mut self.articles[article as usize];
            stored.counted = false;
            self.index.unlearn(&stored.terms);
        }
    }

    /// Whether a publisher repeats itself. Its words are then not counted: otherwise a publisher
    /// could make the words of its story look common and pull in the reports of others.
    fn is_repeated(&self, article: u32) -> bool {
        let stored = &self.articles[article as usize];
        let members = self.stories[&stored.story].members.iter().rev();
        self.is_at_site_limit(
            stored.site,
            members.filter(|other| **other != article).take(LATEST),
        )
    }

    /// Whether [`MAX_PER_SITE`] of these articles are from this site.
    fn is_at_site_limit<'m>(&self, site: u32, members: impl Iterator<Item = &'m u32>) -> bool {
        let own = members.filter(|member| self.articles[**member as usize].site == site);
        site != 0 && own.take(MAX_PER_SITE).count() == MAX_PER_SITE
    }

    /// Saves a story as it was before this hour.
    fn save(&mut self, story: u32) {
        self.hour
            .saved
            .entry(story)
            .or_insert_with(|| self.stories.get(&story).cloned());
    }

    /// Keeps this hour's result.
    fn commit_hour(&mut self) {
        self.hour.before = self.articles.len();
        self.hour.saved.clear();
        self.hour.weighed = false;
    }

    /// Reverts what the hour's articles changed and inserts them again by time.
    fn close_hour(&mut self) {
        let from = self.hour.before;
        // Articles that arrived in order, with the same weights, would end up where they are.
        let in_order = self.articles[from..].is_sorted_by_key(Article::hour_order);
        if in_order && !self.hour.weighed {
            self.commit_hour();
            return;
        }
        for stored in &self.articles[from..] {
            self.index.remove(stored.story, &stored.terms);
        }
        for (story, group) in std::mem::take(&mut self.hour.saved) {
            self.stories.remove(&story);
            let Some(group) = group else { continue };
            for member in &group.members {
                let stored = &mut self.articles[*member as usize];
                if stored.story != story {
                    self.index.remove(stored.story, &stored.terms);
                    self.index.add(story, &stored.terms);
                    stored.story = story;
                }
            }
            self.stories.insert(story, group);
        }
        self.articles[from..].sort_by_key(Article::hour_order);
        if self.hour.weighed {
            // The articles to be inserted again are not in the index yet.
            let again = self.articles.split_off(from);
            self.reweigh();
            self.articles.extend(again);
        }
        for article in from..self.articles.len() {
            let stored = &mut self.articles[article];
            if !stored.counted {
                stored.counted = true;
                self.index.count(&stored.terms);
            }
            self.index.weigh(&mut stored.terms, &self.tuning);
            stored.copy_of = None;
            self.by_id.insert(stored.id, article as u32);
        }
        for article in from..self.articles.len() {
            self.begin(article as u32);
        }
        self.commit_hour();
    }

    fn reweighing_is_due(&self) -> bool {
        self.index.articles() > self.articles_at_reweigh * 3 / 2 + 20
    }

    /// Finds the story of an article that is alone so far.
    fn assign_story(&mut self, article: u32) {
        let own = self.articles[article as usize].story;
        let words: Vec<(u32, f32)> = self.articles[article as usize]
            .terms
            .iter()
            .map(|term| (term.word, term.unit))
            .collect();
        let near = self.near(&words, own);
        let Some((best, nearest)) = near.first().copied() else {
            return;
        };
        let group = &self.stories[&nearest];
        let due = group.members.len() as f32 + 1.0 >= group.size_at_regroup as f32 * GROWN;
        let clear = best >= self.tuning.join_threshold * 1.2
            && near
                .get(1)
                .is_none_or(|(second, _)| *second < self.tuning.join_threshold * 0.8);
        let language = self.articles[article as usize].language;
        let same_language = self.articles[group.members[0] as usize].language == language;
        if same_language && !due && (clear || group.members.len() > SMALL) {
            if best >= self.tuning.join_threshold {
                self.move_all(own, nearest);
            }
            return;
        }
        self.regroup(own, &near);
        let now = self.articles[article as usize].story;
        if self.stories[&now].members.len() > SMALL {
            self.merge_large(now);
        }
    }

    /// Merges a large story that has grown with others that are close to it now.
    fn merge_large(&mut self, story: u32) {
        let mut sums: BTreeMap<u32, f32> = BTreeMap::new();
        let sample = sample(&self.stories[&story].members);
        for article in &sample {
            for term in &self.articles[*article as usize].terms {
                *sums.entry(term.word).or_default() += term.unit / sample.len() as f32;
            }
        }
        let words: Vec<(u32, f32)> = sums.into_iter().collect();
        let near = self.near(&words, story);
        if !near.is_empty() {
            self.regroup(story, &near);
        }
    }

    /// Stories close to these words of a story, the closest first.
    fn near(&mut self, words: &[(u32, f32)], own: u32) -> Vec<(f32, u32)> {
        let part = self.stories[&own].extent;
        let least = self.tuning.join_threshold * LOOK;
        let of_small = least / part.most_boost(1.0, &self.tuning);
        let sums = self.index.stories_near(words, self.next, |size| {
            if size <= self.tuning.large_cluster {
                return of_small;
            }
            least / part.most_boost(size, &self.tuning)
        });
        let mut near: Vec<(f32, u32)> = sums
            .into_iter()
            .filter(|(story, _)| *story != own)
            .map(|(story, sum)| {
                let other = &self.stories[&story].extent;
                let mean = sum / other.size;
                (part.closeness(other, mean, &self.tuning), story)
            })
            .filter(|(closeness, _)| *closeness >= least)
            .collect();
        near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(NEIGHBOURS);
        near
    }

    /// Regroups a story and those near it: small ones article by article, so that articles joined
    /// too early are separated again.
    fn regroup(&mut self, story: u32, near: &[(f32, u32)]) {
        let mut parts: Vec<Vec<u32>> = Vec::new();
        let mut articles = 0;
        for (place, of) in std::iter::once(story)
            .chain(near.iter().map(|(_, near)| *near))
            .enumerate()
        {
            let members = &self.stories[&of].members;
            let apart = members.len() <= SMALL;
            let cost = if apart { members.len() } else { SAMPLE };
            if place > 1 && articles + cost > POOL {
                continue;
            }
            articles += cost;
            if apart {
                parts.extend(members.iter().map(|member| vec![*member]));
            } else {
                parts.push(members.clone());
            }
        }
        if parts.len() < 2 {
            return;
        }
        let extents: Vec<Part> = parts.iter().map(|part| self.extent_of(part)).collect();
        let samples: Vec<Vec<u32>> = parts.iter().map(|part| sample(part)).collect();
        let links = self.links(&samples, &extents);
        let labels = grouped(extents, links, &self.tuning);
        let mut groups: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (part, label) in parts.iter().zip(labels) {
            groups.entry(label).or_default().extend(part);
        }
        self.apply(groups.into_values().collect());
    }

    fn extent_of(&self, members: &[u32]) -> Part {
        let times = members
            .iter()
            .map(|member| self.articles[*member as usize].at);
        let words: usize = members
            .iter()
            .map(|member| self.articles[*member as usize].terms.len())
            .sum();
        let size = members.len().max(1) as f32;
        let (from, to) = (times.clone().min().unwrap_or(0), times.max().unwrap_or(0));
        let mut publishers: Vec<u32> = members
            .iter()
            .map(|member| self.articles[*member as usize].site)
            .collect();
        publishers.sort_unstable();
        let capped_size: usize = publishers
            .chunk_by(|a, b| a == b && *a != 0)
            .map(|one| one.len().min(MAX_PER_SITE))
            .sum();
        Part::new(
            size,
            capped_size as f32,
            from,
            to,
            words as f32 / size,
            &self.tuning,
        )
    }

    /// Sums of closeness between every two parts, estimated from the articles that represent them.
    fn links(&mut self, samples: &[Vec<u32>], extents: &[Part]) -> Links {
        let mut links = Links::new(samples.len());
        let share = |part: usize| extents[part].size / samples[part].len() as f32;
        let mut languages: Vec<Language> = Vec::new();
        for (part, sample) in samples.iter().enumerate() {
            let share = share(part);
            let members = || {
                sample
                    .iter()
                    .map(|article| &self.articles[*article as usize])
            };
            for term in members().flat_map(|stored| &stored.terms) {
                let unit = term.unit * share;
                self.uses
                    .of(term.word, |other, x| links.add(part, other, x * unit));
            }
            // Added after the lookup, so that a part is not compared with itself.
            for term in members().flat_map(|stored| &stored.terms) {
                self.uses.add(term.word, part, term.unit * share);
            }
            for stored in members() {
                if !languages.contains(&stored.language) {
                    languages.push(stored.language);
                }
            }
        }
        self.uses.clear();
        languages.retain(|language| *language != Language::Unknown);
        if languages.len() > 1 {
            for a in 0..samples.len() {
                for b in 0..a {
                    self.link_across_languages(&samples[a], &samples[b])
                        .into_iter()
                        .for_each(|mean| links.set(a, b, mean * extents[a].size * extents[b].size));
                }
            }
        }
        links
    }

    /// The mean closeness of articles in several languages; `None` if all are in one.
    fn link_across_languages(&self, a: &[u32], b: &[u32]) -> Option<f32> {
        let language = self.articles[a[0] as usize].language;
        let of = |article: &u32| self.articles[*article as usize].language;
        if a.iter().chain(b).all(|article| of(article) == language) {
            return None;
        }
        let mut sum = 0.0;
        for x in a {
            for y in b {
                sum += self.closeness(*x, *y);
            }
        }
        Some(sum / (a.len() * b.len()) as f32)
    }

    /// Gives every group the number of the story that most of its articles had, unless another
    /// group has more of them.
    fn apply(&mut self, groups: Vec<Vec<u32>>) {
        let mut claims: Vec<(usize, u32, usize)> = Vec::new();
        for (group, members) in groups.iter().enumerate() {
            let mut before: BTreeMap<u32, usize> = BTreeMap::new();
            for member in members {
                *before
                    .entry(self.articles[*member as usize].story)
                    .or_default() += 1;
            }
            claims.extend(
                before
                    .into_iter()
                    .map(|(story, count)| (count, story, group)),
            );
        }
        claims.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut number: Vec<Option<u32>> = vec![None; groups.len()];
        let mut taken: Vec<u32> = Vec::new();
        for (_, story, group) in claims {
            if number[group].is_none() && !taken.contains(&story) {
                number[group] = Some(story);
                taken.push(story);
            }
        }
        let mut changed = Vec::new();
        for (members, number) in groups.into_iter().zip(number) {
            let story = number.unwrap_or_else(|| {
                self.next += 1;
                self.next
            });
            for member in &members {
                let before = self.articles[*member as usize].story;
                if before != story {
                    self.save(before);
                    self.save(story);
                    let stored = &mut self.articles[*member as usize];
                    stored.story = story;
                    self.index.remove(before, &stored.terms);
                    self.index.add(story, &stored.terms);
                    self.leave(before, *member);
                    self.stories.entry(story).or_default().members.push(*member);
                }
            }
            self.save(story);
            changed.push(story);
        }
        // Only now does every story hold exactly its own articles.
        for story in changed {
            self.tidy(story);
        }
    }

    fn leave(&mut self, story: u32, member: u32) {
        if let Some(group) = self.stories.get_mut(&story) {
            group.members.retain(|other| *other != member);
            if group.members.is_empty() {
                self.stories.remove(&story);
            }
        }
    }

    fn tidy(&mut self, story: u32) {
        let Some(mut group) = self.stories.remove(&story) else {
            return;
        };
        group.members.sort_unstable();
        group.extent = self.extent_of(&group.members);
        group.size_at_regroup = group.members.len();
        self.stories.insert(story, group);
    }

    fn move_all(&mut self, from: u32, to: u32) {
        self.save(from);
        self.save(to);
        let Some(group) = self.stories.remove(&from) else {
            return;
        };
        for member in group.members {
            let publisher = self.articles[member as usize].site;
            let at_limit = self.is_at_site_limit(publisher, self.stories[&to].members.iter().rev());
            let stored = &mut self.articles[member as usize];
            stored.story = to;
            self.index.remove(from, &stored.terms);
            self.index.add(to, &stored.terms);
            let into = self.stories.entry(to).or_default();
            let before = into.extent;
            into.members.push(member);
            into.extent = Part::new(
                before.size + 1.0,
                before.capped_size + f32::from(u8::from(!at_limit)),
                before.from.min(stored.at),
                before.to.max(stored.at),
                (before.words * before.size + stored.terms.len() as f32) / (before.size + 1.0),
                &self.tuning,
            );
        }
    }

    /// Similarity of two articles, 0 to 1.
    fn closeness(&self, a: u32, b: u32) -> f32 {
        let (a, b) = (&self.articles[a as usize], &self.articles[b as usize]);
        if a.language != b.language
            && a.language != Language::Unknown
            && b.language != Language::Unknown
        {
            return self.closeness_across_languages(&a.terms, &b.terms);
        }
        let mut sum = 0.0;
        common(&a.terms, &b.terms, |x, y| sum += x.unit * y.unit);
        sum
    }

    /// Compares articles in different languages by names, numbers and the words of the lexicon;
    /// words alone never match.
    fn closeness_across_languages(&self, a: &[Term], b: &[Term]) -> f32 {
        let counts = |term: &Term| term.shared || self.index.is_fact(term.word);
        let length = |terms: &[Term]| {
            terms
                .iter()
                .filter(|term| counts(term))
                .map(|term| term.unit * term.unit)
                .sum::<f32>()
                .sqrt()
        };
        let (mut sum, mut facts) = (0.0, 0);
        common(a, b, |x, y| {
            sum += x.unit * y.unit;
            // The words of one name count as one fact.
            let continues = x.after == y.after && x.after != ALONE && self.index.is_fact(x.after);
            facts += usize::from(self.index.is_fact(x.word) && !continues);
        });
        if facts < FACTS {
            return 0.0;
        }
        sum / (length(a) * length(b)).max(0.01)
    }

    /// The earlier article of its story that an article copies.
    fn copied(&self, article: u32) -> Option<u32> {
        let stored = &self.articles[article as usize];
        let members = &self.stories[&stored.story].members;
        let mut close: Vec<(f32, u32)> = members
            .iter()
            .rev()
            .filter(|other| **other < article)
            .take(COPY_CANDIDATES)
            .map(|other| (self.closeness(article, *other), *other))
            .filter(|(closeness, _)| *closeness >= 0.3)
            .collect();
        close.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        close.truncate(3);
        let source = close.into_iter().map(|(_, other)| other).find(|other| {
            near_duplicates::is_copy(
                &stored.word_hashes,
                &self.articles[*other as usize].word_hashes,
                self.tuning.text_copy,
                self.tuning.title_copy,
            )
        })?;
        // A copy of a copy is a copy of the original.
        Some(self.articles[source as usize].copy_of.unwrap_or(source))
    }

    /// Updates the weights of all words: a word that was rare at first may have become common.
    fn reweigh(&mut self) {
        self.articles_at_reweigh = self.index.articles();
        let oldest = self.stories.keys().min().copied().unwrap_or(self.next);
        self.index.clear_stories(oldest);
        for stored in &mut self.articles {
            self.index.weigh(&mut stored.terms, &self.tuning);
            self.index.add(stored.story, &stored.terms);
        }
    }

    /// The trending stories at `now` (seconds since 1970), highest score first, at most `limit`. A
    /// story needs two independent publishers to be among them.
    #[must_use]
    pub fn trending(&self, now: i64, limit: usize) -> Vec<Story> {
        let mut stories: Vec<Story> = self
            .stories
            .iter()
            .filter(|(_, group)| group.members.len() > 1)
            .map(|(number, group)| self.describe(*number, group, now))
            .filter(|story| story.publishers.len() > 1 && story.score > 0.0)
            .collect();
        stories.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number)));
        stories.truncate(limit);
        stories
    }

    /// A story as of `now` (seconds since 1970).
    #[must_use]
    pub fn story(&self, number: StoryNumber, now: i64) -> Option<Story> {
        let group = self.stories.get(&number.0)?;
        Some(self.describe(number.0, group, now))
    }

    /// The story of an article, by the article's id.
    #[must_use]
    pub fn story_of(&self, item_id: u64) -> Option<StoryNumber> {
        self.by_id
            .get(&item_id)
            .map(|at| StoryNumber(self.articles[*at as usize].story))
    }

    /// The id of the article that this one copies, if it is a copy.
    #[must_use]
    pub fn copy_of(&self, item_id: u64) -> Option<u64> {
        let stored = &self.articles[*self.by_id.get(&item_id)? as usize];
        stored
            .copy_of
            .map(|source| self.articles[source as usize].id)
    }

    /// The ids of the articles most similar to `item`, which is not inserted, with their similarity
    /// (0 to 1), highest first.
    pub fn nearest(&mut self, item: &Item, limit: usize) -> Vec<(f32, u64)> {
        let tag = item.language.as_deref();
        let text = self.reader.read(&item.title, &item.text, tag, &self.tuning);
        let mut terms = self.index.known_terms(&text.words);
        self.index.weigh(&mut terms, &self.tuning);
        let mut near: Vec<(f32, u32)> = Vec::new();
        for (at, stored) in self.articles.iter().enumerate() {
            let mut sum = 0.0;
            common(&terms, &stored.terms, |x, y| sum += x.unit * y.unit);
            if sum > 0.0 {
                near.push((sum, at as u32));
            }
        }
        near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(limit);
        near.into_iter()
            .map(|(closeness, at)| (closeness, self.articles[at as usize].id))
            .collect()
    }

    fn describe(&self, number: u32, group: &Group, now: i64) -> Story {
        let members: Vec<trend::Member> = group
            .members
            .iter()
            .map(|member| trend::Member {
                article: &self.articles[*member as usize],
                central: self.central(*member, group),
            })
            .collect();
        trend::story(number, members, &self.preferences, now)
    }

    /// Similarity of an article to the rest of its story, summed, by all its words: otherwise an
    /// article in another language, which is compared by few words, would look closer than it is.
    fn central(&self, article: u32, group: &Group) -> f32 {
        let terms = &self.articles[article as usize].terms;
        let mut sum = 0.0;
        for other in sample(&group.members) {
            if other != article {
                let others = &self.articles[other as usize].terms;
                common(terms, others, |x, y| sum += x.unit * y.unit);
            }
        }
        sum
    }

    /// Forgets articles older than `time` (seconds since 1970), and stories without any newer
    /// article.
    pub fn forget_before(&mut self, time: i64) {
        if self.articles.iter().all(|stored| stored.at >= time) {
            return;
        }
        self.close_hour();
        let old = std::mem::take(&mut self.articles);
        let mut moved: Vec<Option<u32>> = Vec::with_capacity(old.len());
        for stored in old {
            if stored.at < time {
                self.by_id.remove(&stored.id);
                if stored.counted {
                    self.index.unlearn(&stored.terms);
                }
                moved.push(None);
            } else {
                let number = self.articles.len() as u32;
                moved.push(Some(number));
                self.by_id.insert(stored.id, number);
                self.articles.push(stored);
            }
        }
        for stored in &mut self.articles {
            stored.copy_of = stored.copy_of.and_then(|source| moved[source as usize]);
        }
        let stories = std::mem::take(&mut self.stories);
        for (story, mut group) in stories {
            group.members = group
                .members
                .into_iter()
                .filter_map(|member| moved[member as usize])
                .collect();
            if !group.members.is_empty() {
                group.extent = self.extent_of(&group.members);
                self.stories.insert(story, group);
            }
        }
        self.reweigh();
        self.commit_hour();
    }

    /// Number of remembered articles.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Number of remembered words, summed over the articles.
    #[must_use]
    pub fn words(&self) -> usize {
        self.articles.iter().map(|stored| stored.terms.len()).sum()
    }

    /// Whether no article is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }
}

/// A sample of a story's articles, evenly spread over their order of arrival.
fn sample(members: &[u32]) -> Vec<u32> {
    if members.len() <= SMALL {
        return members.to_vec();
    }
    (0..SAMPLE)
        .map(|at| members[at * (members.len() - 1) / (SAMPLE - 1)])
        .collect()
}

/// Calls `found` with each word that occurs in both.
fn common(a: &[Term], b: &[Term], mut found: impl FnMut(&Term, &Term)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].word.cmp(&b[j].word) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                found(&a[i], &b[j]);
                i += 1;
                j += 1;
            }
        }
    }
}
