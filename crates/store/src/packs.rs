//! Packs: sets of articles that are downloaded completely for reading offline. A pack's articles
//! are kept until the pack is removed, regardless of retention and even if their feeds are
//! unsubscribed. Progress is written per article, so that an interrupted pack continues where it
//! was.
use crate::error::{Result, StoreError};
use crate::model::{ArticleId, Pack, PackedArticle, UndoToken};
use crate::records;
use crate::store::{Core, Store, Undo};
use crate::trees::{Changes, Name};

/// In [`Name::Meta`]: the id of the next pack.
const NEXT: &[u8] = b"next_pack";

/// The packs of a store: [`Store::packs`].
#[derive(Debug, Clone, Copy)]
pub struct Packs<'a> {
    store: &'a Store,
}

impl Store {
    /// The packs.
    #[must_use]
    pub fn packs(&self) -> Packs<'_> {
        Packs { store: self }
    }
}

impl Packs<'_> {
    /// Creates a pack of these articles, in this order; the store assigns its id. Durable when the
    /// call returns; from then on its articles are kept.
    pub fn add(self, mut pack: Pack, articles: &[ArticleId]) -> Result<Pack> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let trees = core.trees();
        let next = match trees.meta.get(NEXT)? {
            Some(value) => crate::keys::number_of(&value)? as u32,
            None => 1,
        };
        pack.id = next;
        let waiting: Vec<_> = articles
            .iter()
            .copied()
            .map(PackedArticle::waiting)
            .collect();
        let mut changes = Changes::default();
        changes.put_bytes(Name::Meta, NEXT, &(next + 1).to_be_bytes());
        put_pack(core, &pack, &waiting, changes)?;
        Ok(pack)
    }

    /// Appends articles to a pack; durable when the call returns.
    pub fn extend(self, id: u32, articles: &[ArticleId]) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        if self.get(id)?.is_none() {
            return Err(StoreError::NotFound("pack"));
        }
        let held = core
            .trees()
            .packs
            .scan_prefix(id.to_be_bytes())
            .keys()
            .last();
        let next = match held.transpose()? {
            Some(key) if key.len() == 8 => crate::keys::number_of(&key)? + 1,
            _ => u64::from(id) << 32,
        };
        let mut changes = Changes::default();
        for (key, article) in (next..).zip(articles) {
            changes.put(
                Name::Packs,
                &key.to_be_bytes(),
                &PackedArticle::waiting(*article),
            )?;
        }
        core.apply(&changes)?;
        core.state_mut()
            .pack(articles.iter().map(|article| article.0));
        core.flush()
    }

    /// All packs, by ascending id.
    pub fn all(self) -> Result<Vec<Pack>> {
        let mut packs = Vec::new();
        for item in &self.store.core.trees().packs {
            let (key, value) = item?;
            if key.len() == 4 {
                packs.push(records::decode(&value, "a pack")?);
            }
        }
        Ok(packs)
    }

    /// A pack.
    pub fn get(self, id: u32) -> Result<Option<Pack>> {
        match self.store.core.trees().packs.get(id.to_be_bytes())? {
            Some(value) => records::decode(&value, "a pack").map(Some),
            None => Ok(None),
        }
    }

    /// The articles of a pack, in order.
    pub fn articles(self, id: u32) -> Result<Vec<PackedArticle>> {
        packed(&self.store.core, id)
    }

    /// Whether any pack contains an article.
    #[must_use]
    pub fn contains(self, id: ArticleId) -> bool {
        self.store.core.state().packed.contains_key(&id.0)
    }

    /// Changes a pack, durably; its id stays.
    pub fn update(self, id: u32, change: &mut dyn FnMut(&mut Pack)) -> Result<Pack> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let mut pack = self.get(id)?.ok_or(StoreError::NotFound("pack"))?;
        change(&mut pack);
        pack.id = id;
        let mut changes = Changes::default();
        changes.put(Name::Packs, &id.to_be_bytes(), &pack)?;
        core.apply(&changes)?;
        core.flush()?;
        Ok(pack)
    }

    /// Records the progress of an article and the bytes downloaded for it; durable when the call
    /// returns. Does nothing for an article that is no longer in the pack.
    pub fn set_article(self, id: u32, packed: &PackedArticle, wire_bytes: u64) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let Some(mut pack) = self.get(id)? else {
            return Ok(());
        };
        let Some(key) = key_of(core, id, packed.article)? else {
            return Ok(());
        };
        pack.wire_bytes += wire_bytes;
        let mut changes = Changes::default();
        changes.put(Name::Packs, &id.to_be_bytes(), &pack)?;
        changes.put(Name::Packs, &key, packed)?;
        core.apply(&changes)?;
        core.flush()
    }

    /// Removes articles from a pack, durably.
    pub fn take_out(self, id: u32, articles: &[ArticleId]) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let mut changes = Changes::default();
        let mut gone = Vec::new();
        for article in articles {
            if let Some(key) = key_of(core, id, *article)? {
                changes.remove(Name::Packs, &key);
                gone.push(article.0);
            }
        }
        core.apply(&changes)?;
        core.state_mut().unpack(gone);
        core.flush()
    }

    /// Removes a pack; its articles then follow retention like all others.
    pub fn remove(self, id: u32) -> Result<UndoToken> {
        let core = &self.store.core;
        let _writing = core.write_little()?;
        let pack = self.get(id)?.ok_or(StoreError::NotFound("pack"))?;
        let packed = packed(core, id)?;
        let mut changes = Changes::default();
        for item in core.trees().packs.scan_prefix(id.to_be_bytes()) {
            changes.remove(Name::Packs, &item?.0);
        }
        core.apply(&changes)?;
        core.state_mut()
            .unpack(packed.iter().map(|packed| packed.article.0));
        core.flush()?;
        Ok(core.keep_undo(Undo::Pack(Box::new(pack), packed)))
    }
}

fn packed(core: &Core, id: u32) -> Result<Vec<PackedArticle>> {
    let mut packed = Vec::new();
    for item in core.trees().packs.scan_prefix(id.to_be_bytes()) {
        let (key, value) = item?;
        if key.len() == 8 {
            packed.push(records::decode(&value, "an article of a pack")?);
        }
    }
    Ok(packed)
}

/// Writes a whole pack, durably; the caller holds the write lock.
pub(crate) fn put_pack(
    core: &Core,
    pack: &Pack,
    packed: &[PackedArticle],
    mut changes: Changes,
) -> Result<()> {
    changes.put(Name::Packs, &pack.id.to_be_bytes(), pack)?;
    for (position, packed) in packed.iter().enumerate() {
        let key = (u64::from(pack.id) << 32 | position as u64).to_be_bytes();
        changes.put(Name::Packs, &key, packed)?;
    }
    core.apply(&changes)?;
    core.state_mut()
        .pack(packed.iter().map(|packed| packed.article.0));
    core.flush()
}

/// The key of an article in a pack.
fn key_of(core: &Core, id: u32, article: ArticleId) -> Result<Option<sled::IVec>> {
    for item in core.trees().packs.scan_prefix(id.to_be_bytes()) {
        let (key, value) = item?;
        if key.len() == 8
            && records::decode::<PackedArticle>(&value, "an article of a pack")?.article == article
        {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
