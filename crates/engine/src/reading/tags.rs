//! Tags that the reader and rules give to articles. The articles of a tag are stored in blocks of adjacent ids, so
//! that adding one rewrites little; all are held in memory, so that counting and listing need no
//! disk access.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex};

use warta_store::{ArticleId, Store};

use crate::api::{Count, Event, Failure, Order, Result, TagPlace, TagUse, Tagged};
use crate::context::locks::locked;
use crate::context::records::{json, read};
use crate::context::{Context, checks};

/// The tag of muted articles; it has no name.
pub(crate) const MUTED: u32 = 0;
const NAMES: &str = "own/tags";
const BLOCKS: &str = "own/tag/";
/// Number of article ids in a block.
const BLOCK: u64 = 4096;

#[derive(Debug, Default)]
pub(crate) struct TagIndex {
    names: BTreeMap<u32, String>,
    articles: BTreeMap<u32, BTreeSet<u64>>,
}

impl TagIndex {
    pub(crate) fn load(store: &Store) -> Result<Self> {
        let mut tags = Self::default();
        if let Some(json) = store.setting(NAMES)? {
            tags.names = read(NAMES, &json);
        }
        for (name, json) in store.settings_under(BLOCKS)? {
            let tag = name[BLOCKS.len()..].split('/').next();
            if let Some(tag) = tag.and_then(|tag| tag.parse().ok()) {
                let ids: Vec<u64> = read(&name, &json);
                tags.articles.entry(tag).or_default().extend(ids);
            }
        }
        Ok(tags)
    }

    /// The articles of a tag.
    pub(crate) fn of(&self, tag: u32) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.articles.get(&tag).into_iter().flatten().copied()
    }

    pub(crate) fn has(&self, tag: u32, article: u64) -> bool {
        self.articles
            .get(&tag)
            .is_some_and(|ids| ids.contains(&article))
    }

    /// The id of a tag.
    fn known(&self, name: &str) -> Option<u32> {
        let same = |known: &str| known.to_lowercase() == name.trim().to_lowercase();
        let mut all = self.names.iter();
        all.find(|(_, known)| same(known)).map(|(id, _)| *id)
    }

    fn set(&mut self, tag: u32, ids: &[u64], on: bool) {
        let articles = self.articles.entry(tag).or_default();
        for id in ids {
            if on {
                articles.insert(*id);
            } else {
                articles.remove(id);
            }
        }
    }

    /// The id of a tag; creates the tag if it does not exist.
    fn named(&mut self, name: &str, records: &mut Vec<(String, Option<String>)>) -> u32 {
        let name: String = name
            .trim()
            .chars()
            .take(crate::context::checks::NAME)
            .collect();
        let same = |known: &&String| known.to_lowercase() == name.to_lowercase();
        if let Some((id, _)) = self.names.iter().find(|(_, known)| same(known)) {
            return *id;
        }
        let id = self
            .names
            .keys()
            .next_back()
            .map_or(1, |last| last.saturating_add(1));
        self.names.insert(id, name);
        records.push((NAMES.into(), Some(json(&self.names))));
        id
    }

    /// The current content of the blocks of a tag that contain these articles.
    fn blocks(&self, tag: u32, ids: &[u64]) -> Vec<(String, Option<String>)> {
        let numbers: BTreeSet<u64> = ids.iter().map(|id| id / BLOCK).collect();
        let all = self.articles.get(&tag);
        let of_block = |block: u64| -> Vec<u64> {
            let range = block * BLOCK..(block + 1).saturating_mul(BLOCK);
            all.map(|all| all.range(range).copied().collect())
                .unwrap_or_default()
        };
        let record = |block: u64| {
            let ids = of_block(block);
            let json = (!ids.is_empty()).then(|| json(&ids));
            (format!("{BLOCKS}{tag}/{block}"), json)
        };
        numbers.into_iter().map(record).collect()
    }
}

/// Tags and the articles that have them.
pub struct Tags {
    ctx: Arc<Context>,
    state: Mutex<TagIndex>,
}

impl Tags {
    /// The articles that rules have muted.
    pub(crate) fn muted(&self) -> HashSet<u64> {
        locked(&self.state).of(MUTED).collect()
    }

    /// The articles of a tag.
    pub(crate) fn articles_of(&self, tag: u32) -> Vec<ArticleId> {
        locked(&self.state).of(tag).map(ArticleId).collect()
    }

    /// The ids and names of all tags.
    pub(crate) fn all_names(&self) -> Vec<(u32, String)> {
        let tags = locked(&self.state);
        let all = tags.names.iter();
        all.map(|(id, name)| (*id, name.clone())).collect()
    }

    /// Removes the rows of articles that rules have muted.
    pub(crate) fn remove_muted(&self, rows: &mut Vec<warta_store::ArticleRow>) {
        let tags = locked(&self.state);
        rows.retain(|row| !tags.has(MUTED, row.id.0));
    }

    pub(crate) fn new(ctx: &Arc<Context>, state: TagIndex) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            state: Mutex::new(state),
        }
    }

    /// Adds tags to articles, by name or `None` for muting, and writes further records, in one
    /// batch.
    pub(crate) fn put_tags(
        &self,
        wanted: &[(Option<String>, Vec<u64>)],
        mut records: Vec<(String, Option<String>)>,
    ) -> Result<()> {
        let mut tags = locked(&self.state);
        for (name, ids) in wanted.iter().filter(|(_, ids)| !ids.is_empty()) {
            let tag = match name {
                Some(name) => tags.named(name, &mut records),
                None => MUTED,
            };
            tags.articles.entry(tag).or_default().extend(ids);
            records.extend(tags.blocks(tag, ids));
        }
        Ok(self.ctx.store.set_settings(&records)?)
    }

    /// Gives articles a tag, which is created if it does not exist, or takes it off. The same call
    /// with what changed undoes it.
    pub fn tag(&self, ids: &[u64], name: &str, on: bool) -> Result<Tagged> {
        let name = checks::typed(checks::name("a tag", name))?;
        checks::typed(checks::count("articles", ids.len(), checks::ARTICLES))?;
        let asked: Vec<ArticleId> = ids.iter().copied().map(ArticleId).collect();
        let here = self.ctx.store.rows(&asked)?;
        let mut tags = locked(&self.state);
        let mut records = Vec::new();
        if !on && tags.known(&name).is_none() {
            return Err(Failure::not_found("tag"));
        }
        let id = tags.named(&name, &mut records);
        let mut changed: Vec<u64> = here.iter().map(|row| row.id.0).collect();
        changed.retain(|article| tags.has(id, *article) != on);
        tags.set(id, &changed, on);
        records.extend(tags.blocks(id, &changed));
        let name = tags.names.get(&id).cloned().unwrap_or(name);
        let written = self.ctx.store.set_settings(&records);
        if written.is_err() {
            tags.set(id, &changed, !on);
        }
        written?;
        drop(tags);
        self.ctx.emit(Event::PlacesChanged);
        Ok(Tagged { id, name, changed })
    }

    /// All tags, by name, with the number of these articles that have each.
    pub fn tags_of(&self, ids: &[u64]) -> Result<Vec<TagUse>> {
        checks::typed(checks::count("articles", ids.len(), checks::ARTICLES))?;
        let tags = locked(&self.state);
        let mut all: Vec<TagUse> = tags
            .names
            .iter()
            .map(|(id, name)| TagUse {
                id: *id,
                name: name.clone(),
                articles: ids.iter().filter(|one| tags.has(*id, **one)).count() as u32,
            })
            .collect();
        all.sort_by_cached_key(|tag| tag.name.to_lowercase());
        Ok(all)
    }

    /// Renames a tag; one that has the name already takes its articles.
    pub fn rename_tag(&self, id: u32, name: &str) -> Result<Tagged> {
        let name = checks::typed(checks::name("a tag", name))?;
        let mut tags = locked(&self.state);
        if !tags.names.contains_key(&id) {
            return Err(Failure::not_found("tag"));
        }
        let ids: Vec<u64> = tags.of(id).collect();
        let other = tags.known(&name).filter(|other| *other != id);
        let mut records = Vec::new();
        if let Some(other) = other {
            tags.set(other, &ids, true);
            tags.articles.remove(&id);
            tags.names.remove(&id);
            records.extend(tags.blocks(other, &ids));
            records.extend(tags.blocks(id, &ids));
        } else {
            tags.names.insert(id, name.clone());
        }
        records.push((NAMES.into(), Some(json(&tags.names))));
        self.ctx.store.set_settings(&records)?;
        drop(tags);
        self.ctx.emit(Event::PlacesChanged);
        Ok(Tagged {
            id: other.unwrap_or(id),
            name,
            changed: ids,
        })
    }

    /// Takes articles off a tag, or off the muted ones.
    pub(crate) fn untag(&self, wanted: &[(u32, Vec<u64>)]) -> Result<()> {
        let mut tags = locked(&self.state);
        let mut records = Vec::new();
        for (tag, ids) in wanted {
            tags.set(*tag, ids, false);
            records.extend(tags.blocks(*tag, ids));
        }
        Ok(self.ctx.store.set_settings(&records)?)
    }

    /// Those of these articles that do not have a tag, by name or `None` for muting.
    pub(crate) fn without(&self, name: Option<&str>, ids: &[u64]) -> Vec<u64> {
        let tags = locked(&self.state);
        let tag = match name {
            Some(name) => tags.known(name),
            None => Some(MUTED),
        };
        let lacks = |id: &&u64| tag.is_none_or(|tag| !tags.has(tag, **id));
        ids.iter().filter(lacks).copied().collect()
    }

    /// The id of a tag.
    pub(crate) fn id_of(&self, name: &str) -> Option<u32> {
        locked(&self.state).known(name)
    }

    /// Removes a tag and takes it off all articles. [`Tags::tag`] with what comes back undoes it.
    pub fn remove_tag(&self, id: u32) -> Result<Tagged> {
        let mut tags = locked(&self.state);
        let ids: Vec<u64> = tags.of(id).collect();
        let name = tags.names.remove(&id);
        let name = name.ok_or_else(|| Failure::not_found("tag"))?;
        tags.articles.remove(&id);
        let mut records = tags.blocks(id, &ids);
        records.push((NAMES.into(), Some(json(&tags.names))));
        if let Err(error) = self.ctx.store.set_settings(&records) {
            tags.names.insert(id, name);
            tags.set(id, &ids, true);
            return Err(error.into());
        }
        drop(tags);
        self.ctx.emit(Event::PlacesChanged);
        Ok(Tagged {
            id,
            name,
            changed: ids,
        })
    }

    /// Removes articles that are no longer stored from all tags.
    pub(crate) fn tidy_tags(&self) -> Result<()> {
        let mut tags = locked(&self.state);
        let mut records = Vec::new();
        for tag in tags.articles.keys().copied().collect::<Vec<_>>() {
            let ids: Vec<u64> = tags.of(tag).collect();
            let asked: Vec<ArticleId> = ids.iter().copied().map(ArticleId).collect();
            let here: BTreeSet<u64> = self
                .ctx
                .store
                .rows(&asked)?
                .iter()
                .map(|r| r.id.0)
                .collect();
            let gone: Vec<u64> = ids.into_iter().filter(|id| !here.contains(id)).collect();
            if !gone.is_empty() {
                tags.articles.insert(tag, here);
                records.extend(tags.blocks(tag, &gone));
            }
        }
        Ok(self.ctx.store.set_settings(&records)?)
    }

    pub(crate) fn tag_places(&self) -> Vec<TagPlace> {
        let tags = locked(&self.state);
        let mut places: Vec<TagPlace> = tags
            .names
            .iter()
            .map(|(id, name)| {
                let ids: Vec<u64> = tags.of(*id).collect();
                TagPlace {
                    id: *id,
                    name: name.clone(),
                    count: Count {
                        total: ids.len() as u64,
                        unread: self.ctx.store.unread_among(&ids),
                    },
                }
            })
            .collect();
        places.sort_by_cached_key(|place| place.name.to_lowercase());
        places
    }

    /// A page of a tag's articles, last arrived first.
    pub(crate) fn tagged(
        &self,
        tag: u32,
        unread_only: bool,
        before: Option<u64>,
        limit: usize,
        order: Order,
    ) -> Result<warta_store::Page> {
        let ids: Vec<u64> = {
            let tags = locked(&self.state);
            let mut ids: Vec<u64> = tags.of(tag).collect();
            match order {
                Order::Newest => ids.reverse(),
                Order::Oldest => {}
            }
            ids.retain(|id| {
                before.is_none_or(|before| match order {
                    Order::Newest => *id < before,
                    Order::Oldest => *id > before,
                })
            });
            ids
        };
        let mut rows: Vec<warta_store::ArticleRow> = Vec::new();
        for chunk in ids.chunks(limit.max(1)) {
            let chunk: Vec<ArticleId> = chunk.iter().copied().map(ArticleId).collect();
            let mut found = self.ctx.store.rows(&chunk)?;
            found.retain(|row| !(unread_only && row.read));
            rows.extend(found);
            if rows.len() > limit {
                break;
            }
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| warta_store::Cursor {
            time: row.time,
            id: row.id,
        });
        Ok(warta_store::Page { rows, next })
    }
}
