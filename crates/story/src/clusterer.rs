//! Where articles are placed into stories.

use std::collections::{BTreeMap, HashMap};

use crate::index::{ALONE, Index, Term};
use crate::linkage::{LOOK, Links, Part, Uses, grouped};
use crate::tokenizer::{Language, Reader};
use crate::{Item, Story, StoryNumber, Tuning, near_duplicates, trend};

/// Stories of at most so many articles are taken apart when they are grouped anew.
const SMALL: usize = 24;
/// Articles that are grouped anew together at most.
const POOL: usize = 96;
/// Stories beside an article that are looked at.
const NEIGHBOURS: usize = 24;
/// Articles that stand for a large story.
const SAMPLE: usize = 16;
/// A story is grouped anew when it has grown so much since.
const GROWN: f32 = 1.25;
/// Articles of a story that a new one is compared with for being a copy.
const COPY_CANDIDATES: usize = 48;
/// Names and numbers that two articles in two languages must share to meet.
const FACTS: usize = 2;
/// So many articles of one publisher tell different sides of a story; more repeat them.
const MAX_PER_SITE: usize = 4;
/// The latest articles of a story, among which repetitions are looked for.
const LATEST: usize = 32;
const HOUR: i64 = 3600;
/// Articles of one hour that are placed again at most.
const HOUR_ARTICLES: usize = 10_000;

/// An article as the clusterer remembers it.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) id: String,
    pub(crate) publisher: String,
    /// The site that the publisher's hosts belong to.
    pub(crate) publisher_site: String,
    /// The number of that site; 0 of unknown publishers.
    site: u32,
    pub(crate) at: i64,
    pub(crate) title_length: usize,
    terms: Vec<Term>,
    /// Its words in their order, hashed.
    row: Vec<u32>,
    pub(crate) language: Language,
    story: u32,
    /// The earlier article that it copies.
    pub(crate) copy_of: Option<u32>,
    /// Its words count for how rare words are.
    counted: bool,
}

impl Placed {
    /// By what articles of one hour follow each other: their time, then their id, numbers as numbers.
    fn hour_order(&self) -> (i64, usize, &str) {
        (self.at, self.id.len(), &self.id)
    }
}

/// A story and what belongs to it.
#[derive(Debug, Clone, Default)]
struct Group {
    /// Articles in arrival order.
    members: Vec<u32>,
    /// What it is as a whole.
    extent: Part,
    /// Its size when it was last grouped anew.
    looked_at: usize,
}

/// Groups articles into stories online: one pass, in arrival order.
#[derive(Debug, Default)]
pub struct Clusterer {
    tuning: Tuning,
    reader: Reader,
    index: Index,
    placed: Vec<Placed>,
    by_id: HashMap<String, u32>,
    sites: HashMap<String, u32>,
    stories: HashMap<u32, Group, foldhash::fast::FixedState>,
    next: u32,
    /// Articles when words were last weighed anew.
    weighed_at: usize,
    hour: Hour,
    preferences: trend::Preferences,
    /// Empty but while links are sought.
    uses: Uses,
}

/// The hour that articles come in from now. When it is over, its articles are placed once more, by
/// their time: in which order they came then no longer shows.
#[derive(Debug, Default)]
struct Hour {
    /// Hours since 1970.
    number: i64,
    /// Articles that were there before it.
    before: usize,
    /// Stories that changed in it, as they were before; none, those that are new.
    saved: BTreeMap<u32, Option<Group>>,
    /// Words were weighed anew within it.
    weighed: bool,
}

impl Clusterer {
    /// An empty clusterer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty clusterer with parameters of its own.
    #[must_use]
    pub fn with_tuning(tuning: Tuning) -> Self {
        Self {
            tuning,
            ..Self::default()
        }
    }

    /// From now on, stories are at_limit to this preferences.
    pub fn set_preferences(&mut self, preferences: trend::Preferences) {
        self.preferences = preferences;
    }

    /// Places one article and says into which story. An article that was placed before stays where it
    /// is. Later articles may show that stories are one, or that one was two: [`Clusterer::story_of`]
    /// says how it stands.
    pub fn insert(&mut self, item: &Item) -> StoryNumber {
        if let Some(at) = self.by_id.get(&item.id) {
            return StoryNumber(self.placed[*at as usize].story);
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
            .unwrap_or_else(|| self.placed.last().map_or(0, |placed| placed.at));
        if at.div_euclid(HOUR) != self.hour.number {
            self.close_hour();
            self.hour.number = at.div_euclid(HOUR);
        }
        let article = self.placed.len() as u32;
        self.by_id.insert(item.id.clone(), article);
        let publisher_site = trend::publisher_site(&item.publisher);
        let next = self.sites.len() as u32 + 1;
        let site = match publisher_site.as_str() {
            "" => 0,
            _ => *self.sites.entry(publisher_site.clone()).or_insert(next),
        };
        self.placed.push(Placed {
            id: item.id.clone(),
            publisher: item.publisher.trim().to_lowercase(),
            publisher_site,
            site,
            at,
            title_length: item.title.chars().count(),
            terms,
            row: text.row,
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
        if self.placed.len() - self.hour.before > HOUR_ARTICLES {
            self.commit_hour();
        }
        StoryNumber(self.placed[article as usize].story)
    }

    /// Places an article that has no story yet.
    fn begin(&mut self, article: u32) {
        self.next += 1;
        let story = self.next;
        self.save(story);
        let placed = &mut self.placed[article as usize];
        placed.story = story;
        self.index.add(story, &placed.terms);
        let group = Group {
            members: vec![article],
            extent: Part::new(
                1.0,
                1.0,
                placed.at,
                placed.at,
                placed.terms.len() as f32,
                &self.tuning,
            ),
            looked_at: 1,
        };
        self.stories.insert(story, group);
        self.assign_story(article);
        self.placed[article as usize].copy_of = self.copied(article);
        if self.is_repeated(article) {
            let placed = &mut self.placed[article as usize];
            placed.counted = false;
            self.index.unlearn(&placed.terms);
        }
    }

    /// Whether one publisher says the same once more. It must not make the words of its story seem
    /// common, else by saying it often enough it would draw the reports of others in.
    fn is_repeated(&self, article: u32) -> bool {
        let placed = &self.placed[article as usize];
        let members = self.stories[&placed.story].members.iter().rev();
        self.is_at_site_limit(
            placed.site,
            members.filter(|other| **other != article).take(LATEST),
        )
    }

    /// Whether a publisher has at_limit as many sides among these articles as it can have.
    fn is_at_site_limit<'m>(&self, site: u32, members: impl Iterator<Item = &'m u32>) -> bool {
        let own = members.filter(|member| self.placed[**member as usize].site == site);
        site != 0 && own.take(MAX_PER_SITE).count() == MAX_PER_SITE
    }

    /// Remembers a story as it was before this hour.
    fn save(&mut self, story: u32) {
        self.hour
            .saved
            .entry(story)
            .or_insert_with(|| self.stories.get(&story).cloned());
    }

    /// Lets what was placed stand as it is.
    fn commit_hour(&mut self) {
        self.hour.before = self.placed.len();
        self.hour.saved.clear();
        self.hour.weighed = false;
    }

    /// Takes back what the hour's articles have done and places them again by their time.
    fn close_hour(&mut self) {
        let from = self.hour.before;
        // Those that came by their time and were weighed alike stay where they are.
        let in_order = self.placed[from..].is_sorted_by_key(Placed::hour_order);
        if in_order && !self.hour.weighed {
            self.commit_hour();
            return;
        }
        for placed in &self.placed[from..] {
            self.index.remove(placed.story, &placed.terms);
        }
        for (story, group) in std::mem::take(&mut self.hour.saved) {
            self.stories.remove(&story);
            let Some(group) = group else { continue };
            for member in &group.members {
                let placed = &mut self.placed[*member as usize];
                if placed.story != story {
                    self.index.remove(placed.story, &placed.terms);
                    self.index.add(story, &placed.terms);
                    placed.story = story;
                }
            }
            self.stories.insert(story, group);
        }
        self.placed[from..].sort_by(|a, b| a.hour_order().cmp(&b.hour_order()));
        if self.hour.weighed {
            // The articles that are to be placed again are not in the index yet.
            let again = self.placed.split_off(from);
            self.reweigh();
            self.placed.extend(again);
        }
        for article in from..self.placed.len() {
            let placed = &mut self.placed[article];
            if !placed.counted {
                placed.counted = true;
                self.index.count(&placed.terms);
            }
            self.index.weigh(&mut placed.terms, &self.tuning);
            placed.copy_of = None;
            self.by_id.insert(placed.id.clone(), article as u32);
        }
        for article in from..self.placed.len() {
            self.begin(article as u32);
        }
        self.commit_hour();
    }

    fn reweighing_is_due(&self) -> bool {
        self.index.articles() > self.weighed_at * 3 / 2 + 20
    }

    /// Finds the story of an article that stands alone as yet.
    fn assign_story(&mut self, article: u32) {
        let own = self.placed[article as usize].story;
        let words: Vec<(u32, f32)> = self.placed[article as usize]
            .terms
            .iter()
            .map(|term| (term.word, term.unit))
            .collect();
        let near = self.near(&words, own);
        let Some((best, nearest)) = near.first().copied() else {
            return;
        };
        let group = &self.stories[&nearest];
        let due = group.members.len() as f32 + 1.0 >= group.looked_at as f32 * GROWN;
        let clear = best >= self.tuning.join_threshold * 1.2
            && near
                .get(1)
                .is_none_or(|(second, _)| *second < self.tuning.join_threshold * 0.8);
        let language = self.placed[article as usize].language;
        let same_language = self.placed[group.members[0] as usize].language == language;
        if same_language && !due && (clear || group.members.len() > SMALL) {
            if best >= self.tuning.join_threshold {
                self.move_all(own, nearest);
            }
            return;
        }
        self.regroup(own, &near);
        let now = self.placed[article as usize].story;
        if self.stories[&now].members.len() > SMALL {
            self.merge_large(now);
        }
    }

    /// Looks whether a large story that has grown is one with others now.
    fn merge_large(&mut self, story: u32) {
        let mut sums: BTreeMap<u32, f32> = BTreeMap::new();
        let sample = sample(&self.stories[&story].members);
        for article in &sample {
            for term in &self.placed[*article as usize].terms {
                *sums.entry(term.word).or_default() += term.unit / sample.len() as f32;
            }
        }
        let words: Vec<(u32, f32)> = sums.into_iter().collect();
        let near = self.near(&words, story);
        if !near.is_empty() {
            self.regroup(story, &near);
        }
    }

    /// Stories that are close to these words of a story, the closest first.
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

    /// Groups a story and those near it anew: small ones article by article, so that what was joined
    /// too early comes apart again.
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
            .map(|member| self.placed[*member as usize].at);
        let words: usize = members
            .iter()
            .map(|member| self.placed[*member as usize].terms.len())
            .sum();
        let size = members.len().max(1) as f32;
        let (from, to) = (times.clone().min().unwrap_or(0), times.max().unwrap_or(0));
        let mut publishers: Vec<u32> = members
            .iter()
            .map(|member| self.placed[*member as usize].site)
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

    /// The closeness between all articles of every two parts, from the articles that stand for them.
    fn links(&mut self, samples: &[Vec<u32>], extents: &[Part]) -> Links {
        let mut links = Links::new(samples.len());
        let share = |part: usize| extents[part].size / samples[part].len() as f32;
        let mut languages: Vec<Language> = Vec::new();
        for (part, sample) in samples.iter().enumerate() {
            let share = share(part);
            let members = || sample.iter().map(|article| &self.placed[*article as usize]);
            for term in members().flat_map(|placed| &placed.terms) {
                let unit = term.unit * share;
                self.uses
                    .of(term.word, |other, x| links.add(part, other, x * unit));
            }
            // Only those after it meet what a part has: with itself it is not compared.
            for term in members().flat_map(|placed| &placed.terms) {
                self.uses.add(term.word, part, term.unit * share);
            }
            for placed in members() {
                if !languages.contains(&placed.language) {
                    languages.push(placed.language);
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

    /// The mean closeness of articles in several languages; none where all are in one.
    fn link_across_languages(&self, a: &[u32], b: &[u32]) -> Option<f32> {
        let language = self.placed[a[0] as usize].language;
        let of = |article: &u32| self.placed[*article as usize].language;
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

    /// Gives every group the number of the story that most of its articles had, where another has not
    /// a better claim to it.
    fn apply(&mut self, groups: Vec<Vec<u32>>) {
        let mut claims: Vec<(usize, u32, usize)> = Vec::new();
        for (group, members) in groups.iter().enumerate() {
            let mut before: BTreeMap<u32, usize> = BTreeMap::new();
            for member in members {
                *before
                    .entry(self.placed[*member as usize].story)
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
                let before = self.placed[*member as usize].story;
                if before != story {
                    self.save(before);
                    self.save(story);
                    let placed = &mut self.placed[*member as usize];
                    placed.story = story;
                    self.index.remove(before, &placed.terms);
                    self.index.add(story, &placed.terms);
                    self.leave(before, *member);
                    self.stories.entry(story).or_default().members.push(*member);
                }
            }
            self.save(story);
            changed.push(story);
        }
        // Only now has every story the articles that are its own, and no others.
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
        group.looked_at = group.members.len();
        self.stories.insert(story, group);
    }

    fn move_all(&mut self, from: u32, to: u32) {
        self.save(from);
        self.save(to);
        let Some(group) = self.stories.remove(&from) else {
            return;
        };
        for member in group.members {
            let publisher = self.placed[member as usize].site;
            let at_limit = self.is_at_site_limit(publisher, self.stories[&to].members.iter().rev());
            let placed = &mut self.placed[member as usize];
            placed.story = to;
            self.index.remove(from, &placed.terms);
            self.index.add(to, &placed.terms);
            let into = self.stories.entry(to).or_default();
            let before = into.extent;
            into.members.push(member);
            into.extent = Part::new(
                before.size + 1.0,
                before.capped_size + f32::from(u8::from(!at_limit)),
                before.from.min(placed.at),
                before.to.max(placed.at),
                (before.words * before.size + placed.terms.len() as f32) / (before.size + 1.0),
                &self.tuning,
            );
        }
    }

    /// How close two articles are, 0 to 1.
    fn closeness(&self, a: u32, b: u32) -> f32 {
        let (a, b) = (&self.placed[a as usize], &self.placed[b as usize]);
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

    /// Articles in two languages are compared by what both languages say alike: names, numbers and
    /// the words of the lexicon; and never by words alone.
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
            // The words of one name are one fact.
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
        let placed = &self.placed[article as usize];
        let members = &self.stories[&placed.story].members;
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
                &placed.row,
                &self.placed[*other as usize].row,
                self.tuning.text_copy,
                self.tuning.title_copy,
            )
        })?;
        // A copy of a copy copies the first.
        Some(self.placed[source as usize].copy_of.unwrap_or(source))
    }

    /// Weighs all words by what is known of them now: what seemed rare at first may be common.
    fn reweigh(&mut self) {
        self.weighed_at = self.index.articles();
        let oldest = self.stories.keys().min().copied().unwrap_or(self.next);
        self.index.clear_stories(oldest);
        for placed in &mut self.placed {
            self.index.weigh(&mut placed.terms, &self.tuning);
            self.index.add(placed.story, &placed.terms);
        }
    }

    /// The stories that are trending at `now` (seconds since 1970), most first, at most `limit`. Only
    /// what two independent publishers report can be among them.
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

    /// One story at `now`.
    #[must_use]
    pub fn story(&self, number: StoryNumber, now: i64) -> Option<Story> {
        let group = self.stories.get(&number.0)?;
        Some(self.describe(number.0, group, now))
    }

    /// The story of an article, by the article's id.
    #[must_use]
    pub fn story_of(&self, item_id: &str) -> Option<StoryNumber> {
        self.by_id
            .get(item_id)
            .map(|at| StoryNumber(self.placed[*at as usize].story))
    }

    /// The article that an article copies, if it is a copy; both by their ids.
    #[must_use]
    pub fn copy_of(&self, item_id: &str) -> Option<&str> {
        let placed = &self.placed[*self.by_id.get(item_id)? as usize];
        placed
            .copy_of
            .map(|source| self.placed[source as usize].id.as_str())
    }

    /// The placed articles closest to one that is not, closest first, by id and with their closeness, 0
    /// to 1.
    pub fn nearest(&mut self, item: &Item, limit: usize) -> Vec<(f32, &str)> {
        let tag = item.language.as_deref();
        let text = self.reader.read(&item.title, &item.text, tag, &self.tuning);
        let mut terms = self.index.known_terms(&text.words);
        self.index.weigh(&mut terms, &self.tuning);
        let mut near: Vec<(f32, u32)> = Vec::new();
        for (at, placed) in self.placed.iter().enumerate() {
            let mut sum = 0.0;
            common(&terms, &placed.terms, |x, y| sum += x.unit * y.unit);
            if sum > 0.0 {
                near.push((sum, at as u32));
            }
        }
        near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(limit);
        near.into_iter()
            .map(|(closeness, at)| (closeness, self.placed[at as usize].id.as_str()))
            .collect()
    }

    fn describe(&self, number: u32, group: &Group, now: i64) -> Story {
        let members: Vec<trend::Member> = group
            .members
            .iter()
            .map(|member| trend::Member {
                placed: &self.placed[*member as usize],
                central: self.central(*member, group),
            })
            .collect();
        trend::story(number, members, &self.preferences, now)
    }

    /// How close an article is to the rest of its story, by all its words: what two languages share is
    /// measured against the whole of both, or an article in another language than the rest would seem
    /// closer than it reads.
    fn central(&self, article: u32, group: &Group) -> f32 {
        let terms = &self.placed[article as usize].terms;
        let mut sum = 0.0;
        for other in sample(&group.members) {
            if other != article {
                let others = &self.placed[other as usize].terms;
                common(terms, others, |x, y| sum += x.unit * y.unit);
            }
        }
        sum
    }

    /// Forgets articles that are older than `time` (seconds since 1970), and stories that end with
    /// them.
    pub fn forget_before(&mut self, time: i64) {
        if self.placed.iter().all(|placed| placed.at >= time) {
            return;
        }
        self.close_hour();
        let old = std::mem::take(&mut self.placed);
        let mut moved: Vec<Option<u32>> = Vec::with_capacity(old.len());
        for placed in old {
            if placed.at < time {
                self.by_id.remove(&placed.id);
                if placed.counted {
                    self.index.unlearn(&placed.terms);
                }
                moved.push(None);
            } else {
                let number = self.placed.len() as u32;
                moved.push(Some(number));
                self.by_id.insert(placed.id.clone(), number);
                self.placed.push(placed);
            }
        }
        for placed in &mut self.placed {
            placed.copy_of = placed.copy_of.and_then(|source| moved[source as usize]);
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

    /// The articles that are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    /// The words that are remembered, those of each article counted.
    #[must_use]
    pub fn words(&self) -> usize {
        self.placed.iter().map(|placed| placed.terms.len()).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }
}

/// Articles that stand for many: evenly over the time of their arrival.
fn sample(members: &[u32]) -> Vec<u32> {
    if members.len() <= SMALL {
        return members.to_vec();
    }
    (0..SAMPLE)
        .map(|at| members[at * (members.len() - 1) / (SAMPLE - 1)])
        .collect()
}

/// Calls `found` with each word that both have.
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
