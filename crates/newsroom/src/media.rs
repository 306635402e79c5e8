//! What the media protocol serves: kept pictures and sounds by id, never by path or address.

use warta_store::PictureId;

use crate::Newsroom;

/// Bytes and their type, as checked when they were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The picture or sound.
    pub bytes: Vec<u8>,
    /// e.g. `image/jpeg`.
    pub media_type: String,
}

impl Newsroom {
    /// What a path of the media protocol names, if it is kept: a picture (`/<32 hex digits>`) or a sound
    /// (`/sound/<32 hex digits>`). Anything else in the path gives none. Blocks.
    #[must_use]
    pub fn media(&self, path: &str) -> Option<Media> {
        let path = path.trim_start_matches('/');
        if let Some(id) = path.strip_prefix("sound/") {
            return self.sound_media(id);
        }
        let id = PictureId::parse(path)?;
        let picture = self.store().picture(id).ok().flatten()?;
        Some(Media {
            bytes: picture.bytes,
            media_type: picture.media_type,
        })
    }

    /// The media protocol's address of the picture that was fetched from `url`.
    pub(crate) fn media_address(&self, url: &str) -> String {
        format!("{}/{}", self.inner.media_base, PictureId::of_url(url))
    }
}
