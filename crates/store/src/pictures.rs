//! Pictures, by their address, each content kept once. They can be fetched again: a picture whose
//! bytes were lost is forgotten rather than reported.
use sled::transaction::ConflictableTransactionError;

use crate::error::{Result, StoreError};
use crate::model::{Picture, PictureId, PictureState};
use crate::records::{self, StoredPicture};
use crate::store::{Core, Store};
use crate::value_log::{Kind, Pointer};

impl Store {
    /// Keeps the picture at `url`; durable within half a second.
    pub fn keep_picture(&self, url: &str, picture: &Picture) -> Result<PictureId> {
        let core = &self.core;
        let id = PictureId::of_url(url);
        let content = records::hash16(&picture.bytes);
        let _writing = core.write()?;
        let known: Option<Pointer> = match core.trees.contents.get(content)? {
            Some(value) => Some(records::decode(&value, "a picture's place")?),
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
                .ok_or_else(|| StoreError::Invalid("nothing to keep".into()))?,
        };
        let stored = StoredPicture::Kept {
            content,
            pointer,
            media_type: picture.media_type.clone(),
            width: picture.width,
            height: picture.height,
        };
        let (stored, pointer) = (records::encode(&stored)?, records::encode(&pointer)?);
        let trees = (&core.trees.pictures, &core.trees.contents);
        sled::Transactional::transaction(&trees, |(pictures, contents)| {
            pictures.insert(&id.0, stored.as_slice())?;
            contents.insert(&content, pointer.as_slice())?;
            Ok::<_, ConflictableTransactionError<StoreError>>(())
        })?;
        core.changed();
        Ok(id)
    }

    /// A kept picture.
    pub fn picture(&self, id: PictureId) -> Result<Option<Picture>> {
        let core = &self.core;
        let Some(StoredPicture::Kept {
            content,
            pointer,
            media_type,
            width,
            height,
        }) = core.stored_picture(id)?
        else {
            return Ok(None);
        };
        match core.pictures.read(Kind::Picture, content, pointer) {
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
                core.trees.pictures.remove(id.0)?;
                core.trees.contents.remove(content)?;
                core.changed();
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Remembers that a picture could not be had.
    pub fn picture_failed(&self, url: &str, why: &str, now: i64) -> Result<()> {
        let core = &self.core;
        let _writing = core.write()?;
        let stored = StoredPicture::Failed {
            why: why.to_owned(),
            at: now,
        };
        core.trees
            .pictures
            .insert(PictureId::of_url(url).0, records::encode(&stored)?)?;
        core.changed();
        Ok(())
    }

    /// What is known about a picture's address.
    pub fn picture_state(&self, url: &str) -> Result<PictureState> {
        Ok(match self.core.stored_picture(PictureId::of_url(url))? {
            Some(StoredPicture::Kept { .. }) => PictureState::Kept,
            Some(StoredPicture::Failed { why, at }) => PictureState::Failed(why, at),
            None => PictureState::Unknown,
        })
    }
}

impl Core {
    fn stored_picture(&self, id: PictureId) -> Result<Option<StoredPicture>> {
        match self.trees.pictures.get(id.0)? {
            Some(value) => records::decode(&value, "a picture").map(Some),
            None => Ok(None),
        }
    }
}
