//! What the media protocol serves: kept pictures by id, never by path or address.

use warta_store::PictureId;

use crate::Newsroom;

/// Bytes and their type, as checked when they were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The picture.
    pub bytes: Vec<u8>,
    /// e.g. `image/jpeg`.
    pub media_type: String,
}

impl Newsroom {
    /// The picture that a path of the media protocol (`/<32 hex digits>`) names, if it is kept.
    /// Anything else in the path gives none. Blocks.
    #[must_use]
    pub fn media(&self, path: &str) -> Option<Media> {
        let id = PictureId::parse(path.trim_start_matches('/'))?;
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
