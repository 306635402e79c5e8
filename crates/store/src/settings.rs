//! Settings and the history of forwards. Each change is durable when the call returns.
use crate::error::{Result, StoreError};
use crate::model::{ArticleId, Forward, ForwardState};
use crate::records;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};

/// Settings with this prefix are never restored into another store, where the same ids mean other
/// articles.
pub const OWN: &str = "own/";

/// Prefix of articles' notes.
const NOTES: &str = "own/note/";

/// The name under which an article's note is stored; [`Store::set_settings`] removes it.
#[must_use]
pub fn note_name(article: ArticleId) -> String {
    format!("{NOTES}{}", article.0)
}

impl Store {
    /// The JSON text of a setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        match self.core.trees().settings.get(name)? {
            Some(value) => records::decode(&value, "a setting").map(Some),
            None => Ok(None),
        }
    }

    /// Stores a JSON text under `name`.
    pub fn set_setting(&self, name: &str, json: &str) -> Result<()> {
        let core = &self.core;
        let _writing = core.write()?;
        let mut changes = Changes::default();
        changes.put(Name::Settings, name.as_bytes(), &json)?;
        core.apply(&changes)?;
        core.flush()
    }

    /// The records whose names begin with `prefix`, by name.
    pub fn settings_under(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        for item in self.core.trees().settings.scan_prefix(prefix) {
            let (name, value) = item?;
            found.push((
                String::from_utf8_lossy(&name).into_owned(),
                records::decode(&value, "a setting")?,
            ));
        }
        Ok(found)
    }

    /// The notes of articles that were not removed yet ([`crate::NewArticle::note`]).
    pub fn notes(&self) -> Result<Vec<(ArticleId, String)>> {
        let records = self.settings_under(NOTES)?;
        let notes = records.into_iter().filter_map(|(name, note)| {
            let id = name.strip_prefix(NOTES)?.parse().ok()?;
            Some((ArticleId(id), note))
        });
        Ok(notes.collect())
    }

    /// Stores several records, or removes those without JSON, atomically. A snapshot follows soon,
    /// except for names that begin with [`OWN`], which go into the next one.
    pub fn set_settings(&self, records: &[(String, Option<String>)]) -> Result<()> {
        let core = &self.core;
        if records.is_empty() {
            return Ok(());
        }
        {
            let only_removes = records.iter().all(|(_, json)| json.is_none());
            let _writing = if only_removes {
                core.write_little()?
            } else {
                core.write()?
            };
            let mut changes = Changes::default();
            for (name, json) in records {
                match json {
                    Some(json) => changes.put(Name::Settings, name.as_bytes(), json)?,
                    None => changes.remove(Name::Settings, name.as_bytes()),
                }
            }
            core.apply(&changes)?;
            core.flush()?;
        }
        if records.iter().any(|(name, _)| !name.starts_with(OWN)) {
            core.subscriptions_changed();
        }
        Ok(())
    }
}

/// The history of forwards: [`Store::forwards`].
#[derive(Debug, Clone, Copy)]
pub struct Forwards<'a> {
    store: &'a Store,
}

impl Store {
    /// The history of forwards.
    #[must_use]
    pub fn forwards(&self) -> Forwards<'_> {
        Forwards { store: self }
    }
}

impl Forwards<'_> {
    /// Stores a forward; the store assigns `forward.id`.
    pub fn append(self, mut forward: Forward) -> Result<u64> {
        let core = &self.store.core;
        let _writing = core.write()?;
        forward.id = match core.trees().forwards.last()? {
            Some((key, _)) => crate::keys::number_of(&key)? + 1,
            None => 1,
        };
        put_forward(core, &forward)?;
        Ok(forward.id)
    }

    /// Changes the state of a forward.
    pub fn set_state(self, id: u64, state: ForwardState) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let mut forward = match core.trees().forwards.get(id.to_be_bytes())? {
            Some(value) => records::decode::<Forward>(&value, "a forward")?,
            None => return Err(StoreError::NotFound("forward")),
        };
        forward.state = state;
        put_forward(core, &forward)
    }

    /// Replaces a forward by its id.
    pub fn change(self, forward: &Forward) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        if core
            .trees()
            .forwards
            .get(forward.id.to_be_bytes())?
            .is_none()
        {
            return Err(StoreError::NotFound("forward"));
        }
        put_forward(core, forward)
    }

    /// Newest first; of one article if given.
    pub fn list(self, article: Option<ArticleId>, limit: usize) -> Result<Vec<Forward>> {
        let mut found = Vec::new();
        for item in self.store.core.trees().forwards.iter().rev() {
            if found.len() >= limit {
                break;
            }
            let forward: Forward = records::decode(&item?.1, "a forward")?;
            if article.is_none() || forward.article == article {
                found.push(forward);
            }
        }
        Ok(found)
    }
}

pub(crate) fn put_forward(core: &Core, forward: &Forward) -> Result<()> {
    let mut changes = Changes::default();
    changes.put(Name::Forwards, &forward.id.to_be_bytes(), forward)?;
    core.apply(&changes)?;
    core.flush()
}
