//! Packs: sets of articles that are made complete for reading offline. What a pack holds is kept
//! whole until the pack is removed, whatever bounds say and even if its feeds are unsubscribed. How
//! far each article has come is written as it comes, so that a pack goes on where it was.
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::model::{ArticleId, UndoToken};
use crate::records;
use crate::store::{Core, Store, Undo};
use crate::trees::{Changes, Name};

/// A set of articles for the road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Its number.
    pub id: u32,
    /// As the reader sees it.
    pub name: String,
    /// When it was asked for.
    pub made_at: i64,
    /// What was asked for, as JSON; the store does not look into it.
    pub wish: String,
    /// How far it is.
    pub state: PackState,
    /// When it was done.
    pub done_at: Option<i64>,
    /// What its making took over the wire, in bytes.
    pub wire_bytes: u64,
}

/// How far a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackState {
    /// Articles are still to be made complete.
    Running,
    /// The reader stopped it for now.
    Paused,
    /// Every article was tried.
    Done,
}

/// An article in a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedArticle {
    /// Which.
    pub article: ArticleId,
    /// Whether it was tried.
    pub tried: bool,
    /// Pictures of it that are here.
    pub pictures: u32,
    /// What it takes on the disk with its pictures, in bytes.
    pub bytes: u64,
    /// What it lacks, and why: `(what, code of the reason)`.
    pub lacks: Vec<(String, String)>,
}

impl PackedArticle {
    /// One that was not tried yet.
    #[must_use]
    pub fn waiting(article: ArticleId) -> Self {
        Self {
            article,
            tried: false,
            pictures: 0,
            bytes: 0,
            lacks: Vec::new(),
        }
    }

    /// Everything of it is here.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.tried && self.lacks.is_empty()
    }
}

impl Store {
    /// Makes a pack of these articles, in this order; its number is given by the store. Durable when
    /// the call returns, and from then on its articles are kept.
    pub fn add_pack(&self, mut pack: Pack, articles: &[ArticleId]) -> Result<Pack> {
        let core = &self.core;
        let _writing = core.write()?;
        let trees = core.trees();
        let next = match trees.meta.get(NEXT)? {
            Some(value) => records::number_of(&value)? as u32,
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
        core.put_pack(&pack, &waiting, changes)?;
        Ok(pack)
    }

    /// Adds articles to a pack, behind what it holds; durable when the call returns.
    pub fn extend_pack(&self, id: u32, articles: &[ArticleId]) -> Result<()> {
        let core = &self.core;
        let _writing = core.write()?;
        if self.pack(id)?.is_none() {
            return Err(StoreError::NotFound("pack"));
        }
        let held = core
            .trees()
            .packs
            .scan_prefix(id.to_be_bytes())
            .keys()
            .last();
        let next = match held.transpose()? {
            Some(key) if key.len() == 8 => records::number_of(&key)? + 1,
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

    /// All packs, by ascending number.
    pub fn packs(&self) -> Result<Vec<Pack>> {
        let mut packs = Vec::new();
        for item in &self.core.trees().packs {
            let (key, value) = item?;
            if key.len() == 4 {
                packs.push(records::decode(&value, "a pack")?);
            }
        }
        Ok(packs)
    }

    /// A pack.
    pub fn pack(&self, id: u32) -> Result<Option<Pack>> {
        match self.core.trees().packs.get(id.to_be_bytes())? {
            Some(value) => records::decode(&value, "a pack").map(Some),
            None => Ok(None),
        }
    }

    /// What a pack holds, in its order.
    pub fn packed(&self, id: u32) -> Result<Vec<PackedArticle>> {
        self.core.packed(id)
    }

    /// Whether some pack holds an article.
    #[must_use]
    pub fn is_packed(&self, id: ArticleId) -> bool {
        self.core.state().packed.contains_key(&id.0)
    }

    /// Changes a pack's name, state and counts, durably; its number stays.
    pub fn update_pack(&self, id: u32, change: &mut dyn FnMut(&mut Pack)) -> Result<Pack> {
        let core = &self.core;
        let _writing = core.write()?;
        let mut pack = self.pack(id)?.ok_or(StoreError::NotFound("pack"))?;
        change(&mut pack);
        pack.id = id;
        let mut changes = Changes::default();
        changes.put(Name::Packs, &id.to_be_bytes(), &pack)?;
        core.apply(&changes)?;
        core.flush()?;
        Ok(pack)
    }

    /// Writes how far an article of a pack has come, and what that took over the wire; durable when
    /// the call returns. Nothing is written for an article that the pack does not hold any more.
    pub fn set_packed(&self, id: u32, packed: &PackedArticle, wire_bytes: u64) -> Result<()> {
        let core = &self.core;
        let _writing = core.write()?;
        let Some(mut pack) = self.pack(id)? else {
            return Ok(());
        };
        let Some(key) = core.key_of(id, packed.article)? else {
            return Ok(());
        };
        pack.wire_bytes += wire_bytes;
        let mut changes = Changes::default();
        changes.put(Name::Packs, &id.to_be_bytes(), &pack)?;
        changes.put(Name::Packs, &key, packed)?;
        core.apply(&changes)?;
        core.flush()
    }

    /// Takes articles out of a pack, durably.
    pub fn unpack(&self, id: u32, articles: &[ArticleId]) -> Result<()> {
        let core = &self.core;
        let _writing = core.write()?;
        let mut changes = Changes::default();
        let mut gone = Vec::new();
        for article in articles {
            if let Some(key) = core.key_of(id, *article)? {
                changes.remove(Name::Packs, &key);
                gone.push(article.0);
            }
        }
        core.apply(&changes)?;
        core.state_mut().unpack(gone);
        core.flush()
    }

    /// Removes a pack; its articles stay like all others.
    pub fn remove_pack(&self, id: u32) -> Result<UndoToken> {
        let core = &self.core;
        let _writing = core.write_little()?;
        let pack = self.pack(id)?.ok_or(StoreError::NotFound("pack"))?;
        let packed = core.packed(id)?;
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

/// In [`Name::Meta`]: the number of the next pack.
const NEXT: &[u8] = b"next_pack";

impl Core {
    fn packed(&self, id: u32) -> Result<Vec<PackedArticle>> {
        let mut packed = Vec::new();
        for item in self.trees().packs.scan_prefix(id.to_be_bytes()) {
            let (key, value) = item?;
            if key.len() == 8 {
                packed.push(records::decode(&value, "an article of a pack")?);
            }
        }
        Ok(packed)
    }

    /// Writes a whole pack, durably; the caller has the right to write.
    pub(crate) fn put_pack(
        &self,
        pack: &Pack,
        packed: &[PackedArticle],
        mut changes: Changes,
    ) -> Result<()> {
        changes.put(Name::Packs, &pack.id.to_be_bytes(), pack)?;
        for (position, packed) in packed.iter().enumerate() {
            let key = (u64::from(pack.id) << 32 | position as u64).to_be_bytes();
            changes.put(Name::Packs, &key, packed)?;
        }
        self.apply(&changes)?;
        self.state_mut()
            .pack(packed.iter().map(|packed| packed.article.0));
        self.flush()
    }

    /// Where an article of a pack stands.
    fn key_of(&self, id: u32, article: ArticleId) -> Result<Option<sled::IVec>> {
        for item in self.trees().packs.scan_prefix(id.to_be_bytes()) {
            let (key, value) = item?;
            if key.len() == 8
                && records::decode::<PackedArticle>(&value, "an article of a pack")?.article
                    == article
            {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }
}
