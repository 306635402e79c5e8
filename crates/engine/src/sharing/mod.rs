//! Forwarding articles and stories: drafts, the outbox, integrations, cards and files.

pub(crate) mod cards;
pub(crate) mod epub;
pub(crate) mod forward;
pub(crate) mod highlights;
pub(crate) mod integrations;
pub(crate) mod outbox;
pub(crate) mod preferences;
pub(crate) mod saved_export;
pub(crate) mod subjects;
