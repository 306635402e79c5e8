//! Forwards articles and stories: drafts, targets and the history.

use std::sync::Arc;

use warta_share::{Means, ShareError, Unit};
use warta_store::{ArticleId, ChannelKind, Forward};

use crate::api::{
    Draft, Event, Failure, FailureCode, ForwardRecord, ForwardRequest, ForwardState, Forwarding,
    GoogleNewsPlaces, NewFeed, QrCode, Result, ShareChannel, ShareMeans, ShareUnit, Subject,
    Subscribed,
};
use crate::context::{Context, checks};
use crate::reading::articles::Articles;
use crate::sharing::outbox::{Outbox, Waiting};
use crate::sharing::preferences::{SharePreferences, is_whatsapp};
use crate::sharing::subjects::{Composed, Subjects};
use crate::subscriptions::feeds::Feeds;

/// Number of forwards shown in an article's history.
const HISTORY: usize = 20;
/// URL schemes of article links that may be opened by the system.
const LINK_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What only a front end can do: open URLs, use the clipboard, and open the system share sheet
/// where one exists.
pub trait Host {
    /// Opens a URL with the system's handler; fails if there is none.
    fn open(&self, target: &str) -> std::result::Result<(), String>;
    /// Copies plain text to the clipboard.
    fn copy(&self, text: &str) -> std::result::Result<(), String>;
    /// Copies a picture to the clipboard; RGBA, four bytes per pixel, row by row.
    fn copy_picture(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
    ) -> std::result::Result<(), String>;
    /// The system share sheet, if any; without one its channel is not offered.
    fn share_sheet(&self) -> Option<&dyn ShareSheet> {
        None
    }
}

/// The system share sheet. It does not report the chosen recipient or whether anything was sent.
pub trait ShareSheet {
    /// Opens the share sheet; fails if it could not be opened.
    fn open(&self, shared: &Shared) -> std::result::Result<(), String>;
}

/// The content passed to a share sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The headline.
    pub title: String,
    /// The message.
    pub text: String,
    /// The web link sent beside the message.
    pub link: Option<String>,
}

/// Forwards articles and stories.
pub struct Sharing {
    ctx: Arc<Context>,
    feeds: Arc<Feeds>,
    articles: Arc<Articles>,
    preferences: Arc<SharePreferences>,
    outbox: Arc<Outbox>,
    subjects: Arc<Subjects>,
}

impl Sharing {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        feeds: &Arc<Feeds>,
        articles: &Arc<Articles>,
        preferences: &Arc<SharePreferences>,
        outbox: &Arc<Outbox>,
        subjects: &Arc<Subjects>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            feeds: Arc::clone(feeds),
            articles: Arc::clone(articles),
            preferences: Arc::clone(preferences),
            outbox: Arc::clone(outbox),
            subjects: Arc::clone(subjects),
        }
    }

    /// The reader's forwarding preferences.
    #[must_use]
    pub fn forwarding(&self) -> Forwarding {
        self.preferences.forwarding()
    }

    /// Validates and stores forwarding preferences and returns them as stored.
    pub fn set_forwarding(&self, forwarding: Forwarding) -> Result<Forwarding> {
        self.preferences.set_forwarding(forwarding)
    }

    /// The channels in the reader's order; by default WhatsApp and Google News come first. Includes
    /// the system share sheet if the host has one.
    #[must_use]
    pub fn share_channels(&self, host: &dyn Host) -> Vec<ShareChannel> {
        let has_sheet = host.share_sheet().is_some();
        warta_share::channels(&self.preferences.preferences())
            .into_iter()
            .filter(|channel| has_sheet || channel.means != Means::System)
            .map(Into::into)
            .collect()
    }

    /// Composes the message and target for an article, a story, a quote or a digest; `message`
    /// replaces the channel's template. Opens nothing.
    pub fn draft(
        &self,
        subject: &Subject,
        channel: &str,
        message: Option<&str>,
        part: u32,
    ) -> Result<Draft> {
        checks::typed(checks::length(
            "a message",
            message.unwrap_or_default(),
            checks::MESSAGE,
        ))?;
        let composed = self.subjects.composed(subject)?;
        self.drafted(subject, &composed, channel, message, part)
    }

    fn drafted(
        &self,
        subject: &Subject,
        composed: &Composed,
        channel: &str,
        message: Option<&str>,
        part: u32,
    ) -> Result<Draft> {
        let preferences = self.preferences.preferences();
        let (draft, parts) = match (subject, composed.subjects.as_slice()) {
            (Subject::Digest { .. }, several) => {
                let drafts = warta_share::digest(channel, several, composed.daypart, &preferences)
                    .map_err(cannot_forward)?;
                let parts = drafts.len() as u32;
                let own = drafts.into_iter().nth(part.min(parts - 1) as usize);
                let draft = match (message, own) {
                    (None, Some(draft)) => Ok(draft),
                    (message, _) => warta_share::digest_with(
                        channel,
                        &composed.title,
                        message.unwrap_or_default(),
                        &preferences,
                    ),
                };
                (draft, parts)
            }
            (_, [one, ..]) => {
                let draft = match message {
                    Some(message) => warta_share::compose_with(channel, one, message, &preferences),
                    None => warta_share::compose(channel, one, &preferences),
                };
                (draft, 1)
            }
            (_, []) => return Err(Failure::not_found("article")),
        };
        let mut draft = draft.map_err(cannot_forward)?;
        if is_whatsapp(&draft.channel)
            && self.ctx.settings().whatsapp_in_browser
            && !draft.fallback.is_empty()
        {
            draft.target = Some(draft.fallback.remove(0));
        }
        let by_service = warta_share::service::find(channel).is_some();
        let qr_code = (channel == "qr-code")
            .then(|| warta_share::qr_code(&draft.message))
            .transpose()
            .map_err(cannot_forward)?
            .map(|code| QrCode {
                size: code.size as u32,
                path: code.path,
            });
        Ok(Draft {
            needs_network: by_service
                || draft
                    .target
                    .as_deref()
                    .is_some_and(|t| t.starts_with("http")),
            channel: draft.channel,
            message: draft.message,
            link: draft.link,
            copies: draft.copies,
            target: draft.target,
            fallback: draft.fallback,
            sheet: draft.sheet,
            part: part.min(parts - 1),
            parts,
            qr_code,
        })
    }

    /// Forwards: opens the target (or a fallback) or the share sheet, copies, or adds to the
    /// outbox, and records it in the history. Saves to integrations always go to the outbox first:
    /// see [`crate::Integrations::finish_forward`]. When WhatsApp's app is missing and its web
    /// version opens instead, this is remembered.
    pub fn forward(&self, request: &ForwardRequest, host: &dyn Host) -> Result<ForwardRecord> {
        let message = request.message.as_deref().unwrap_or_default();
        checks::typed(checks::length("a message", message, checks::MESSAGE))?;
        let composed = self.subjects.composed(&request.subject)?;
        let draft = self.drafted(
            &request.subject,
            &composed,
            &request.channel,
            request.message.as_deref(),
            request.part,
        )?;
        let service = warta_share::service::find(&draft.channel).is_some();
        let waits = service || (request.wait && draft.target.is_some());
        let mut target = draft.target.clone().or_else(|| {
            // An integration receives only the link.
            draft.link.clone().filter(|_| service)
        });
        let state = if waits {
            ForwardState::Waiting
        } else if draft.sheet.is_some() && host.share_sheet().is_none() {
            return Err(cannot_forward(ShareError::UnknownChannel(draft.channel)));
        } else if draft.target.is_none() && draft.sheet.is_none() && !draft.copies {
            // QR codes and cards are shown by the window.
            return Err(Failure::new(
                FailureCode::CannotForward,
                format!("`{}` neither opens nor copies anything", draft.channel),
            ));
        } else {
            let (state, opened) = deliver(&draft, host);
            self.preferences
                .remember_the_way(&draft, opened.as_deref())?;
            target = opened.or(target);
            state
        };
        let by_sheet = draft.sheet.is_some();
        let mut forward = Forward {
            id: 0,
            at: self.ctx.now(),
            // The articles of a digest get their own history records once it was sent.
            article: composed
                .articles
                .first()
                .copied()
                .filter(|_| composed.articles.len() == 1),
            channel: draft.channel,
            title: composed.title.clone(),
            message: draft.message,
            target,
            state: state.into(),
        };
        forward.id = self.ctx.store.forwards().append(forward.clone())?;
        if state == ForwardState::Waiting {
            self.outbox.change_waiting(|all| {
                all.insert(
                    forward.id,
                    Waiting {
                        subject: Some(request.subject.clone()),
                        fallback: draft.fallback,
                        ..Waiting::default()
                    },
                );
            })?;
        }
        self.preferences.remember_channel(&forward.channel)?;
        self.ctx.emit(Event::PlacesChanged);
        if state == ForwardState::Failed {
            let message = format!("nothing on this machine opens {}", forward.channel);
            return Err(if by_sheet {
                Failure {
                    code: FailureCode::CannotForward,
                    message: "the system share sheet could not be opened".into(),
                    detail: "noSheet".into(),
                }
            } else {
                Failure::new(FailureCode::NoHandler, message)
            });
        }
        let last = draft.part + 1 == draft.parts;
        if state != ForwardState::Waiting && composed.articles.len() > 1 && last {
            self.tell_each(&composed, &forward)?;
        }
        Ok(self.outbox.record(forward, &Waiting::default()))
    }

    /// Opens a forward from the outbox, once. Saves to integrations are sent by
    /// [`crate::Integrations::send_save`] instead.
    pub fn forward_waiting(&self, id: u64, host: &dyn Host) -> Result<ForwardRecord> {
        let (mut forward, waiting) = self.outbox.waiting(id)?;
        let draft = Draft {
            channel: forward.channel.clone(),
            message: forward.message.clone(),
            link: None,
            copies: self.preferences.copies(&forward.channel),
            target: forward.target.clone(),
            fallback: waiting.fallback.clone(),
            sheet: None,
            needs_network: true,
            part: 0,
            parts: 1,
            qr_code: None,
        };
        let (state, opened) = deliver(&draft, host);
        if state == ForwardState::Failed {
            // Keep it, so that the reader can retry, edit or discard it.
            let message = format!("nothing on this machine opens {}", forward.channel);
            return Err(Failure::new(FailureCode::NoHandler, message));
        }
        self.preferences
            .remember_the_way(&draft, opened.as_deref())?;
        forward.target = opened.or(forward.target);
        forward.state = state.into();
        self.outbox.settled(&forward)?;
        if let Some(subject @ Subject::Digest { .. }) = &waiting.subject
            && let Ok(composed) = self.subjects.composed(subject)
        {
            self.tell_each(&composed, &forward)?;
        }
        Ok(self.outbox.record(forward, &Waiting::default()))
    }

    /// Edits the message of a waiting forward and updates its target.
    pub fn edit_waiting(&self, id: u64, message: &str) -> Result<ForwardRecord> {
        let (mut forward, mut waiting) = self.outbox.waiting(id)?;
        let subject = waiting
            .subject
            .clone()
            .or(forward.article.map(|id| Subject::Article { id: id.0 }))
            .ok_or_else(|| Failure::not_found("article"))?;
        let draft = self.draft(&subject, &forward.channel, Some(message), 0)?;
        forward.message = draft.message;
        forward.target = draft.target;
        waiting.fallback = draft.fallback;
        self.ctx.store.forwards().change(&forward)?;
        let kept = waiting.clone();
        self.outbox.change_waiting(|all| {
            all.insert(id, kept);
        })?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(self.outbox.record(forward, &waiting))
    }

    /// Forwards in the outbox, oldest first.
    pub fn outbox(&self) -> Result<Vec<ForwardRecord>> {
        let extra = self.outbox.all_waiting()?;
        let none = Waiting::default();
        let waiting = self.outbox.waiting_forwards()?.into_iter();
        Ok(waiting
            .map(|forward| {
                let about = extra.get(&forward.id).unwrap_or(&none);
                self.outbox.record(forward, about)
            })
            .collect())
    }

    /// Removes a forward from the outbox without opening it.
    pub fn discard_waiting(&self, id: u64) -> Result<()> {
        let (mut forward, _) = self.outbox.waiting(id)?;
        forward.state = warta_store::ForwardState::Failed;
        self.outbox.settled(&forward)
    }

    /// The forwarding history, newest first; of one article if given.
    pub fn forwards(&self, article: Option<u64>) -> Result<Vec<ForwardRecord>> {
        let forwards = self
            .ctx
            .store
            .forwards()
            .list(article.map(ArticleId), HISTORY)?;
        let title = match article {
            Some(id) if !forwards.is_empty() => self
                .ctx
                .store
                .rows(&[ArticleId(id)])?
                .into_iter()
                .next()
                .map(|row| row.title),
            _ => None,
        };
        Ok(forwards
            .into_iter()
            .map(|forward| {
                let edited = title.as_ref().is_some_and(|now| *now != forward.title);
                ForwardRecord {
                    edited_since: edited,
                    ..self.outbox.record(forward, &Waiting::default())
                }
            })
            .collect())
    }

    /// Google News links for an article or story.
    pub fn google_news(&self, subject: &Subject) -> Result<GoogleNewsPlaces> {
        let composed = self.subjects.composed(subject)?;
        let lead = composed
            .articles
            .first()
            .ok_or_else(|| Failure::not_found("article"))?;
        let row = self.ctx.store.rows(&[*lead])?.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let publisher = self.articles.publisher(row.feed, row.source.as_deref())?;
        let link = composed.subjects.first().map(|s| s.url.as_str());
        let host = link
            .and_then(crate::context::labels::host_of)
            .filter(|host| host.contains('.') && host != "news.google.com");
        Ok(GoogleNewsPlaces {
            publisher: publisher
                .channels
                .into_iter()
                .find(|channel| channel.kind == ChannelKind::GoogleNews)
                .map(|channel| channel.url),
            prefer: host.map(|host| warta_share::prefer_source(host.trim_start_matches("www."))),
            topic: topic(&composed.title),
        })
    }

    /// Follows a topic: subscribes to its Google News search feed in the reader's edition.
    pub fn follow_topic(&self, words: &str) -> Result<Subscribed> {
        let words = checks::typed(checks::name("a topic", words))?;
        let url = warta_share::follow_topic(&words, &self.preferences.preferences().google_news);
        self.feeds.subscribe(&[NewFeed {
            url,
            title: Some(words),
            site: None,
            folder: Vec::new(),
            page: None,
        }])
    }

    /// Opens a link that the reader clicked: only web, mail and telephone links. Of a `mailto:`
    /// link, only recipients, subject and body are kept.
    #[expect(clippy::unused_self, reason = "the front ends call it on the service")]
    pub fn open_link(&self, link: &str, host: &dyn Host) -> Result<()> {
        checks::typed(checks::length("a link", link, checks::MESSAGE))?;
        let Some(link) = warta_share::openable(link, &LINK_SCHEMES) else {
            return Err(Failure::new(
                FailureCode::BadAddress,
                "Warta does not open this kind of link",
            ));
        };
        host.open(&link).map_err(|why| Failure {
            code: FailureCode::NoHandler,
            message: "no application opens the link".into(),
            detail: why,
        })
    }

    /// Copies a link to the clipboard without tracking parameters.
    #[expect(clippy::unused_self, reason = "the front ends call it on the service")]
    pub fn copy_link(&self, link: &str, host: &dyn Host) -> Result<()> {
        checks::typed(checks::length("a link", link, checks::MESSAGE))?;
        host.copy(&warta_share::clean_link(link))
            .map_err(|why| Failure {
                code: FailureCode::NoHandler,
                message: "the clipboard is not available".into(),
                detail: why,
            })
    }

    /// Adds a history record for each article of a digest.
    fn tell_each(&self, composed: &Composed, forward: &Forward) -> Result<()> {
        for (article, subject) in composed.articles.iter().zip(&composed.subjects) {
            self.ctx.store.forwards().append(Forward {
                id: 0,
                article: Some(*article),
                title: subject.title.clone(),
                ..forward.clone()
            })?;
        }
        Ok(())
    }
}

/// Copies, opens the share sheet, or opens the target or its first fallback that has a handler.
/// Returns what was opened.
fn deliver(draft: &Draft, host: &dyn Host) -> (ForwardState, Option<String>) {
    if let (Some(title), Some(sheet)) = (&draft.sheet, host.share_sheet()) {
        let opened = sheet.open(&Shared {
            title: title.clone(),
            text: draft.message.clone(),
            link: draft.link.clone(),
        });
        return match opened {
            Ok(()) => (ForwardState::Opened, None),
            Err(why) => {
                tracing::warn!(why, "the system share sheet could not be opened");
                (ForwardState::Failed, None)
            }
        };
    }
    if draft.copies && host.copy(&draft.message).is_err() {
        return (ForwardState::Failed, None);
    }
    let Some(target) = &draft.target else {
        return (ForwardState::Copied, None);
    };
    for target in std::iter::once(target).chain(&draft.fallback) {
        let safe = warta_share::openable(target, &warta_share::SCHEMES);
        if safe.is_some_and(|target| host.open(&target).is_ok()) {
            return (ForwardState::Opened, Some(target.clone()));
        }
    }
    (ForwardState::Failed, None)
}

/// The first words of a headline: a search for all of them finds only that article.
fn topic(title: &str) -> String {
    let words: Vec<&str> = title
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '’'))
        .filter(|word| word.chars().count() > 2)
        .take(4)
        .collect();
    words.join(" ")
}

impl From<warta_share::Channel> for ShareChannel {
    fn from(channel: warta_share::Channel) -> Self {
        Self {
            means: match channel.means {
                Means::Open => ShareMeans::Open,
                Means::Copy => ShareMeans::Copy,
                Means::CopyAndOpen => ShareMeans::CopyAndOpen,
                Means::QrCode => ShareMeans::QrCode,
                Means::Card => ShareMeans::Card,
                Means::File => ShareMeans::File,
                Means::Service => ShareMeans::Service,
                Means::System => ShareMeans::System,
            },
            copies: matches!(channel.means, Means::Copy | Means::CopyAndOpen),
            limit: channel.limit.map(|limit| limit.most as u32),
            unit: match channel.limit.map_or(Unit::Characters, |limit| limit.unit) {
                Unit::Characters => ShareUnit::Characters,
                Unit::Graphemes => ShareUnit::Graphemes,
                Unit::Weighted => ShareUnit::Weighted,
            },
            id: channel.id,
            name: channel.name,
            icon: channel.icon.into(),
            has_message: channel.has_message,
            takes_several: channel.takes_several,
            note: channel.note.into(),
            template: channel.template,
            hidden: channel.hidden,
        }
    }
}

impl From<ForwardState> for warta_store::ForwardState {
    fn from(state: ForwardState) -> Self {
        match state {
            ForwardState::Opened => Self::Opened,
            ForwardState::Copied => Self::Copied,
            ForwardState::Waiting => Self::Waiting,
            ForwardState::Failed => Self::Failed,
        }
    }
}

fn cannot_forward(error: ShareError) -> Failure {
    // The detail is a code that front ends translate.
    let (message, detail) = match error {
        ShareError::UnknownChannel(channel) => {
            (format!("there is no channel `{channel}`"), "unknownChannel")
        }
        ShareError::NoLink => ("the article has no link".to_owned(), "noLink"),
        ShareError::NothingToSay => ("there is nothing to forward".to_owned(), "nothingToSay"),
        ShareError::OneAtATime => (
            "this channel takes one article at a time".to_owned(),
            "oneAtATime",
        ),
        ShareError::NeedsInstance => (
            "the Mastodon instance is not set".to_owned(),
            "needsInstance",
        ),
        ShareError::NeedsWhatsappChannel => (
            "the reader's own WhatsApp Channel is not set".to_owned(),
            "needsWhatsappChannel",
        ),
        ShareError::TooLong => ("the message is too long".to_owned(), "tooLong"),
    };
    Failure {
        code: FailureCode::CannotForward,
        message,
        detail: detail.into(),
    }
}
