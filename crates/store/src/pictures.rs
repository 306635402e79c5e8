//! Pictures by address; equal contents are stored once. They can be fetched again: a damaged
//! picture is removed rather than reported.
use crate::error::{Result, StoreError};
use crate::model::{Picture, PictureId, PictureState};
use crate::records::{self, StoredPicture};
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, Pointer};

/// The pictures of a store: [`Store::pictures`].
#[derive(Debug, Clone, Copy)]
pub struct Pictures<'a> {
    store: &'a Store,
}

impl Store {
    /// The pictures.
    #[must_use]
    pub fn pictures(&self) -> Pictures<'_> {
        Pictures { store: self }
    }
}

impl Pictures<'_> {
    /// Stores the picture at `url`; durable within half a second.
    pub fn keep(self, url: &str, picture: &Picture) -> Result<PictureId> {
        let core = &self.store.core;
        let id = PictureId::of_url(url);
        let content = crate::hash::hash16(&picture.bytes);
        let _writing = core.write()?;
        let known: Option<Pointer> = match core.trees().contents.get(content)? {
            Some(value) => Some(records::decode(&value, "a picture's pointer")?),
            None => None,
        };
        let known =
            known.filter(|known| core.pictures.read(Kind::Picture, content, *known).is_ok());
        let pointer = match known {
            Some(pointer) => pointer,
            None => core
                .pictures
                .append(
                    Kind::Picture,
                    &[(content, records::encode_picture(id, picture)?)],
                )?
                .pop()
                .ok_or_else(|| StoreError::Invalid("the picture is empty".into()))?,
        };
        let stored = StoredPicture::Kept {
            content,
            pointer,
            media_type: picture.media_type.clone(),
            width: picture.width,
            height: picture.height,
        };
        let mut changes = Changes::default();
        changes.put(Name::Pictures, &id.0, &stored)?;
        changes.put(Name::Contents, &content, &pointer)?;
        core.apply(&changes)?;
        Ok(id)
    }

    /// A stored picture.
    pub fn get(self, id: PictureId) -> Result<Option<Picture>> {
        let core = &self.store.core;
        let Some(StoredPicture::Kept {
            content,
            pointer,
            media_type,
            width,
            height,
        }) = stored_picture(core, id)?
        else {
            return Ok(None);
        };
        match picture_bytes(core, content, pointer) {
            Ok(data) => {
                let (_, logged) = records::decode_picture(data)?;
                Ok(Some(Picture {
                    bytes: logged.bytes,
                    media_type,
                    width,
                    height,
                }))
            }
            Err(StoreError::Damaged(why)) => {
                tracing::warn!(%id, why, "a picture is lost and will be fetched again");
                let _writing = core.hold_still();
                // It may have been moved while it was read.
                if let Ok(data) = picture_bytes(core, content, pointer) {
                    let (_, logged) = records::decode_picture(data)?;
                    let bytes = logged.bytes;
                    return Ok(Some(Picture {
                        bytes,
                        media_type,
                        width,
                        height,
                    }));
                }
                let mut changes = Changes::default();
                changes.remove(Name::Pictures, &id.0);
                changes.remove(Name::Contents, &content);
                core.apply(&changes)?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Records that a picture could not be fetched.
    pub fn set_failed(self, url: &str, why: &str, now: i64) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let stored = StoredPicture::Failed {
            why: why.to_owned(),
            at: now,
        };
        let mut changes = Changes::default();
        changes.put(Name::Pictures, &PictureId::of_url(url).0, &stored)?;
        core.apply(&changes)
    }

    /// Size of the picture at `url` in bytes, if it is stored.
    pub fn size(self, url: &str) -> Result<Option<u64>> {
        Ok(
            match stored_picture(&self.store.core, PictureId::of_url(url))? {
                Some(StoredPicture::Kept { pointer, .. }) => Some(u64::from(pointer.length)),
                _ => None,
            },
        )
    }

    /// What is known about a picture's address.
    pub fn state(self, url: &str) -> Result<PictureState> {
        Ok(
            match stored_picture(&self.store.core, PictureId::of_url(url))? {
                Some(StoredPicture::Kept { .. }) => PictureState::Kept,
                Some(StoredPicture::Failed { why, at }) => PictureState::Failed(why, at),
                None => PictureState::Unknown,
            },
        )
    }
}

/// A picture's record. Its current location is stored under its hash only: compaction moves it.
pub(crate) fn picture_bytes(core: &Core, content: [u8; 16], first: Pointer) -> Result<Vec<u8>> {
    let pointer = match core.trees().contents.get(content)? {
        Some(value) => records::decode(&value, "a picture's pointer")?,
        None => first,
    };
    core.pictures.read(Kind::Picture, content, pointer)
}

fn stored_picture(core: &Core, id: PictureId) -> Result<Option<StoredPicture>> {
    match core.trees().pictures.get(id.0)? {
        Some(value) => records::decode(&value, "a picture").map(Some),
        None => Ok(None),
    }
}
