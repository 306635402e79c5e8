//! Plain data exchanged with the front ends (the desktop app and the CLI): camelCase in JSON.
//!
//! The TypeScript types are generated from these. Times are seconds since 1970 UTC. Ids count up
//! from 1, so they are exact as JavaScript numbers (up to 2^53).

mod article;
mod back_issues;
mod events;
mod failure;
pub(crate) mod failures;
mod health;
mod highlights;
mod importing;
mod links;
mod maintenance;
mod newsletters;
mod overview;
mod own_style;
mod packs;
mod reading;
mod restoring;
mod rules;
mod saved_pages;
mod search;
mod settings;
mod sharing;
mod stories;
mod subscriptions;
mod sync;
mod tags;
mod updates;

pub use article::{
    ArticleView, AudioState, AudioView, EnclosureView, Listening, Publisher, PublisherChannel,
};
pub use back_issues::{ArchiveKind, OlderEnd, OlderLimits, OlderRequest, OlderRun};
pub use events::Event;
pub use failure::{ClosedReason, Failure, FailureCode, Problem, Result};
pub use health::{Ailment, FeedHealth, FeedInterval};
pub use highlights::{
    Highlight, HighlightChange, HighlightColour, HighlightFormat, HighlightPage, HighlightsSent,
    NewHighlight, TextQuote,
};
pub use importing::{ImportSummary, LeftOut, LeftOutReason, SavedExport, SavedFormat};
pub use links::{DialogTarget, LinkTarget};
pub use maintenance::{FeedUsage, RepairReport, Tidied, Usage};
pub use newsletters::{
    MailAccount, MailAdded, MailGuess, MailSecurity, MailSender, MailSetup, MailTrial,
    NewsletterSource,
};
pub use overview::{
    Connection, Count, FeedPlace, FolderPlace, Overview, Places, SavedPagesPlace, SearchCount,
    SearchPlace, TagPlace,
};
pub use own_style::ArticleStyle;
pub use packs::{
    AutoPack, PackLack, PackPage, PackPreview, PackSource, PackStatus, PackView, PackWish,
    PackedRow, PageStatus, PageView, Traffic,
};
pub use reading::{
    ArticleList, ArticleRow, Cursor, ListRequest, Mark, Order, PictureView, Place, ReadSpan,
    StoryBrief, Undoable,
};
pub use restoring::{Refused, RefusedKind, RestoreSummary};
pub use rules::{Notice, Rule, RuleTrial};
pub use saved_pages::{PageState, SavedPage};
pub use search::{
    Run, SearchAge, SearchAgeUnit, SearchFilter, SearchFilterKind, SearchHit, SearchLanguage,
    SearchPage, SearchProblem, SearchProblemKind, SearchRequest, SearchSort,
};
pub use settings::{Density, QuietHours, Settings, Theme, TodaySpan};
pub use sharing::{
    CardRequest, CardShape, Draft, FileFormat, ForwardRecord, ForwardRequest, ForwardState,
    Forwarding, GoogleNewsPlaces, OwnChannel, OwnMessage, PictureCard, QrCode, ServiceAccount,
    ServiceNeeds, ShareChannel, ShareMeans, ShareService, ShareUnit, Subject, WhatsappContact,
};
pub use stories::{
    FrontPage, Original, PastPage, PastStory, Period, Phase, Quote, Report, Story, StoryPage,
    Sureness, Watched, WatchedStory, Why,
};
pub use subscriptions::{
    AddressKind, CatalogueAddress, CatalogueCheck, CatalogueFeed, CatalogueFinding, ChosenPlaces,
    Discovery, FeedChange, FeedDetails, FeedOffer, FetchRecord, FoundFeed, FoundKind, FoundPodcast,
    FullText, HeaderLine, ImportReport, LineProblem, Login, NewFeed, OfferProof, PageFeed,
    PageFeedKind, PageItem, PageList, PagePreview, ReplacedAddress, SecretsKept, Subscribed,
};
pub use sync::{FeedActivity, SyncProgress, SyncReport, SyncScope};
pub use tags::{RuleApplied, TagUse, Tagged};
pub use updates::{UpdateOffer, UpdateProblem, UpdateView, UpdatesOff};
pub use warta_article::{StyleIssue, StyleIssueKind};
pub use warta_store::{ChannelKind, PackPart, ProblemCode};
