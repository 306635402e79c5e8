//! Passing articles and stories on: the message, the target, the outbox, the history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use warta_share::{Daypart, Means, Preferences, ShareError, Unit};
use warta_store::{ArticleId, Forward};

use crate::api::{
    Draft, Event, Failure, FailureCode, ForwardRecord, ForwardRequest, ForwardState, Forwarding,
    GoogleNewsPlaces, NewFeed, OwnChannel, OwnMessage, QrCode, ShareChannel, ShareMeans, ShareUnit,
    Subject, Subscribed, WhatsappContact,
};
use crate::{Engine, Result, checks};

/// Forwards that an article's history shows.
const HISTORY: usize = 20;
/// Articles of one digest at most.
const MOST_IN_DIGEST: usize = 50;
/// What the reader has set for forwarding, as one JSON record.
pub(crate) const SETTINGS: &str = "forwarding";
/// What is known of waiting forwards beside what the history says, as one JSON record by id.
pub(crate) const OUTBOX: &str = "outbox";

/// Schemes of links in articles that are handed to the system.
const LINK_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What only a front end can do: open something with the system, use the clipboard, and the system's share
/// sheet where there is one.
pub trait Host {
    /// Opens an address with the system's handler; an error where there is none.
    fn open(&self, target: &str) -> std::result::Result<(), String>;
    /// Puts plain text on the clipboard.
    fn copy(&self, text: &str) -> std::result::Result<(), String>;
    /// Puts a picture on the clipboard: four bytes a pixel (RGBA), row by row.
    fn copy_picture(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
    ) -> std::result::Result<(), String>;
    /// The system's share sheet; none where the system has none, and then nobody is offered it.
    fn share_sheet(&self) -> Option<&dyn ShareSheet> {
        None
    }
}

/// The system's own share sheet. Whom the reader chooses in it, and whether it was sent, is not known.
pub trait ShareSheet {
    /// Opens it; an error where it did not open.
    fn open(&self, shared: &Shared) -> std::result::Result<(), String>;
}

/// What a share sheet gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The headline.
    pub title: String,
    /// The message.
    pub text: String,
    /// The link that goes beside the message; of the web.
    pub link: Option<String>,
}

/// A waiting forward, beside what the history says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Waiting {
    /// What was chosen; none for one of an older Warta.
    pub(crate) subject: Option<Subject>,
    /// What the target falls back to.
    pub(crate) fallback: Vec<String>,
    /// Times that it was tried.
    pub(crate) tries: u32,
    /// Not tried before.
    pub(crate) not_before: i64,
    /// Why the last try failed.
    pub(crate) problem: Option<String>,
}

/// What is forwarded, made of stored articles.
struct Composed {
    subjects: Vec<warta_share::Subject>,
    /// Those whose history remembers it.
    articles: Vec<ArticleId>,
    /// What the history and the outbox call it.
    title: String,
    daypart: Daypart,
}

impl Engine {
    /// What the reader has set for forwarding.
    #[must_use]
    pub fn forwarding(&self) -> Forwarding {
        let json = self.store().setting(SETTINGS).ok().flatten();
        let mut set = json
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        // A repaired or imported store may hold what nobody could have typed.
        for refused in checks::forwarding(&mut set) {
            tracing::warn!(?refused, "what is set for forwarding is not used");
        }
        set
    }

    /// Keeps what the reader sets for forwarding, brought into form, and gives it back. Blocks.
    pub fn set_forwarding(&self, mut forwarding: Forwarding) -> Result<Forwarding> {
        if let Some(refused) = checks::forwarding(&mut forwarding).into_iter().next() {
            return Err(checks::refused(refused.why));
        }
        let json = serde_json::to_string(&forwarding)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        self.store().set_setting(SETTINGS, &json)?;
        Ok(forwarding)
    }

    /// The channels in the reader's order; WhatsApp and Google News first where there is none. The
    /// system's share sheet is among them where the host has one. Blocks.
    #[must_use]
    pub fn share_channels(&self, host: &dyn Host) -> Vec<ShareChannel> {
        let has_sheet = host.share_sheet().is_some();
        warta_share::channels(&self.preferences())
            .into_iter()
            .filter(|channel| has_sheet || channel.means != Means::System)
            .map(Into::into)
            .collect()
    }

    /// The message that a channel makes of an article, a story, a quote or a digest, or the reader's
    /// own, and where it goes. Opens nothing. Blocks.
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
        let composed = self.composed(subject)?;
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
        let preferences = self.preferences();
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
            && self.settings().whatsapp_in_browser
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

    /// Forwards: opens the target (or what it falls back to) or the share sheet, copies, or puts it into
    /// the outbox; in every case the history tells it. What goes to a service always waits first: see
    /// [`Engine::finish_forward`]. Where WhatsApp's app is missing and the web opens instead, that is
    /// remembered. Blocks.
    pub fn forward(&self, request: &ForwardRequest, host: &dyn Host) -> Result<ForwardRecord> {
        let message = request.message.as_deref().unwrap_or_default();
        checks::typed(checks::length("a message", message, checks::MESSAGE))?;
        let composed = self.composed(&request.subject)?;
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
            // What a service gets is the link.
            draft.link.clone().filter(|_| service)
        });
        let state = if waits {
            ForwardState::Waiting
        } else if draft.sheet.is_some() && host.share_sheet().is_none() {
            return Err(cannot_forward(ShareError::UnknownChannel(draft.channel)));
        } else if draft.target.is_none() && draft.sheet.is_none() && !draft.copies {
            // Shown in the window: a QR code, a card.
            return Err(Failure::new(
                FailureCode::CannotForward,
                format!("`{}` opens and copies nothing", draft.channel),
            ));
        } else {
            let (state, opened) = deliver(&draft, host);
            self.remember_the_way(&draft, opened.as_deref())?;
            target = opened.or(target);
            state
        };
        let by_sheet = draft.sheet.is_some();
        let mut forward = Forward {
            id: 0,
            at: self.now(),
            // A digest's articles each get a line of their own once it has gone out.
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
        forward.id = self.store().add_forward(forward.clone())?;
        if state == ForwardState::Waiting {
            self.change_waiting(|all| {
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
        self.remember_channel(&forward.channel)?;
        self.tell(Event::PlacesChanged);
        if state == ForwardState::Failed {
            let message = format!("nothing on this machine opens {}", forward.channel);
            return Err(if by_sheet {
                Failure {
                    code: FailureCode::CannotForward,
                    message: "the system's share sheet did not open".into(),
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
        Ok(self.record(forward, &Waiting::default()))
    }

    /// Opens a forward that waits in the outbox, once. What waits for a service is not opened: it goes
    /// by [`Engine::send_save`]. Blocks.
    pub fn forward_waiting(&self, id: u64, host: &dyn Host) -> Result<ForwardRecord> {
        let (mut forward, waiting) = self.waiting(id)?;
        let draft = Draft {
            channel: forward.channel.clone(),
            message: forward.message.clone(),
            link: None,
            copies: self.copies(&forward.channel),
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
            // It stays: the reader can try again, edit or drop it.
            let message = format!("nothing on this machine opens {}", forward.channel);
            return Err(Failure::new(FailureCode::NoHandler, message));
        }
        self.remember_the_way(&draft, opened.as_deref())?;
        forward.target = opened.or(forward.target);
        forward.state = state.into();
        self.settled(&forward)?;
        if let Some(subject @ Subject::Digest { .. }) = &waiting.subject
            && let Ok(composed) = self.composed(subject)
        {
            self.tell_each(&composed, &forward)?;
        }
        Ok(self.record(forward, &Waiting::default()))
    }

    /// Changes the words of a forward that waits; its target follows. Blocks.
    pub fn edit_waiting(&self, id: u64, message: &str) -> Result<ForwardRecord> {
        let (mut forward, mut waiting) = self.waiting(id)?;
        let subject = waiting
            .subject
            .clone()
            .or(forward.article.map(|id| Subject::Article { id: id.0 }))
            .ok_or_else(|| Failure::not_found("article"))?;
        let draft = self.draft(&subject, &forward.channel, Some(message), 0)?;
        forward.message = draft.message;
        forward.target = draft.target;
        waiting.fallback = draft.fallback;
        self.store().change_forward(&forward)?;
        let kept = waiting.clone();
        self.change_waiting(|all| {
            all.insert(id, kept);
        })?;
        self.tell(Event::PlacesChanged);
        Ok(self.record(forward, &waiting))
    }

    /// What waits for the network, oldest first. Blocks.
    pub fn outbox(&self) -> Result<Vec<ForwardRecord>> {
        let extra = self.all_waiting()?;
        let none = Waiting::default();
        let waiting = self.waiting_forwards()?.into_iter();
        Ok(waiting
            .map(|forward| {
                let about = extra.get(&forward.id).unwrap_or(&none);
                self.record(forward, about)
            })
            .collect())
    }

    /// Takes a forward out of the outbox without opening it. Blocks.
    pub fn discard_waiting(&self, id: u64) -> Result<()> {
        let (mut forward, _) = self.waiting(id)?;
        forward.state = warta_store::ForwardState::Failed;
        self.settled(&forward)
    }

    /// What was forwarded, newest first; of one article where given. Blocks.
    pub fn forwards(&self, article: Option<u64>) -> Result<Vec<ForwardRecord>> {
        let forwards = self.store().forwards(article.map(ArticleId), HISTORY)?;
        let title = match article {
            Some(id) if !forwards.is_empty() => self
                .store()
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
                    ..self.record(forward, &Waiting::default())
                }
            })
            .collect())
    }

    /// What Google News has to do with an article or story. Blocks.
    pub fn google_news(&self, subject: &Subject) -> Result<GoogleNewsPlaces> {
        let composed = self.composed(subject)?;
        let lead = composed
            .articles
            .first()
            .ok_or_else(|| Failure::not_found("article"))?;
        let row = self.store().rows(&[*lead])?.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let publisher = self.publisher(row.feed, row.source.as_deref())?;
        let link = composed.subjects.first().map(|s| s.url.as_str());
        let host = link
            .and_then(crate::names::host_of)
            .filter(|host| host.contains('.') && host != "news.google.com");
        Ok(GoogleNewsPlaces {
            publisher: publisher
                .channels
                .into_iter()
                .find(|channel| channel.kind == "google-news")
                .map(|channel| channel.url),
            prefer: host.map(|host| warta_share::prefer_source(host.trim_start_matches("www."))),
            topic: topic(&composed.title),
        })
    }

    /// Follows a topic: subscribes to the feed of its search on Google News, in the reader's edition.
    /// Blocks.
    pub fn follow_topic(&self, words: &str) -> Result<Subscribed> {
        let words = checks::typed(checks::name("a topic", words))?;
        let url = warta_share::follow_topic(&words, &self.preferences().google_news);
        self.subscribe(&[NewFeed {
            url,
            title: Some(words),
            site: None,
            folder: None,
        }])
    }

    /// Opens a link that the reader clicked: web and mail addresses and telephone numbers only. Of a
    /// `mailto:` link, recipients, subject and body are handed on.
    #[expect(clippy::unused_self, reason = "the front ends call the engine alone")]
    pub fn open_link(&self, link: &str, host: &dyn Host) -> Result<()> {
        checks::typed(checks::length("a link", link, checks::MESSAGE))?;
        let Some(link) = warta_share::openable(link, &LINK_SCHEMES) else {
            return Err(Failure::new(
                FailureCode::BadAddress,
                "Warta does not open such links",
            ));
        };
        host.open(&link).map_err(|why| Failure {
            code: FailureCode::NoHandler,
            message: "nothing on this machine opens the link".into(),
            detail: why,
        })
    }

    /// Puts a link on the clipboard, without what tracks its reader.
    #[expect(clippy::unused_self, reason = "the front ends call the engine alone")]
    pub fn copy_link(&self, link: &str, host: &dyn Host) -> Result<()> {
        checks::typed(checks::length("a link", link, checks::MESSAGE))?;
        host.copy(&warta_share::clean_link(link))
            .map_err(|why| Failure {
                code: FailureCode::NoHandler,
                message: "the clipboard could not be used".into(),
                detail: why,
            })
    }

    pub(crate) fn preferences(&self) -> Preferences {
        let settings = self.settings();
        let (hl, gl) = (settings.google_news_language, settings.google_news_country);
        let ceid = format!("{gl}:{}", hl.split('-').next().unwrap_or(&hl));
        let set = self.forwarding();
        Preferences {
            language: settings.language,
            google_news: (hl, gl, ceid),
            via: settings.via_warta,
            order: set.order,
            hidden: set.hidden,
            messages: set
                .messages
                .into_iter()
                .map(|OwnMessage { channel, template }| (channel, template))
                .collect(),
            mastodon: set.mastodon,
            whatsapp_channel: warta_share::whatsapp_channel(&set.whatsapp_channel)
                .unwrap_or_default(),
            contacts: set
                .contacts
                .into_iter()
                .map(|WhatsappContact { name, number }| warta_share::Contact { name, number })
                .collect(),
            own: set
                .own
                .into_iter()
                .map(
                    |OwnChannel { id, name, template }| warta_share::OwnChannel {
                        id,
                        name,
                        template,
                    },
                )
                .collect(),
            services: self.connected_services(),
        }
    }

    /// One article, a story's lead or a quote's article, as what is said of it.
    pub(crate) fn subject(
        &self,
        subject: &Subject,
    ) -> Result<(warta_share::Subject, Option<ArticleId>)> {
        let composed = self.composed(subject)?;
        let one = composed.subjects.into_iter().next();
        let one = one.ok_or_else(|| Failure::not_found("article"))?;
        Ok((one, composed.articles.first().copied()))
    }

    /// What is said of an article, a story or several, and the articles that stand for it.
    fn composed(&self, subject: &Subject) -> Result<Composed> {
        let now = self.now();
        let daypart = Daypart::of(now - self.inner.clock.midnight());
        match subject {
            Subject::Article { id } => {
                let one = self.said_of(*id)?;
                Ok(Composed {
                    title: one.title.clone(),
                    subjects: vec![one],
                    articles: vec![ArticleId(*id)],
                    daypart,
                })
            }
            Subject::Quote { id, text } => {
                checks::typed(checks::length("a quote", text, checks::MESSAGE))?;
                let one = self.said_of(*id)?;
                Ok(Composed {
                    title: one.title.clone(),
                    subjects: vec![warta_share::Subject {
                        quote: text.trim().to_owned(),
                        ..one
                    }],
                    articles: vec![ArticleId(*id)],
                    daypart,
                })
            }
            Subject::Story { id } => {
                let page = self.story(*id)?;
                let lead = ArticleId(page.story.lead.id);
                let mut one = self.said_of(lead.0)?;
                // A link to the publisher itself is better than one by way of an aggregator.
                let direct = |url: &str| {
                    let clean = warta_share::clean_link(url);
                    crate::names::host_of(&clean)
                        .is_some_and(|host| host != "news.google.com")
                        .then_some(clean)
                };
                let others = page.articles.iter().filter_map(|row| row.url.as_deref());
                if let Some(link) = std::iter::once(one.url.as_str())
                    .chain(others)
                    .find_map(direct)
                {
                    one.url = link;
                }
                one.title.clone_from(&page.story.headline);
                one.reported_by = page.story.publishers;
                Ok(Composed {
                    title: page.story.headline,
                    subjects: vec![one],
                    articles: vec![lead],
                    daypart,
                })
            }
            Subject::Digest { ids } => {
                if ids.is_empty() || ids.len() > MOST_IN_DIGEST {
                    return Err(Failure::new(
                        FailureCode::BadInput,
                        format!("a digest has 1 to {MOST_IN_DIGEST} articles"),
                    ));
                }
                let subjects: Vec<_> = ids
                    .iter()
                    .map(|id| self.said_of(*id))
                    .collect::<Result<_>>()?;
                let title =
                    warta_share::digest_heading(subjects.len(), daypart, &self.preferences());
                Ok(Composed {
                    subjects,
                    articles: ids.iter().copied().map(ArticleId).collect(),
                    title,
                    daypart,
                })
            }
        }
    }

    fn said_of(&self, id: u64) -> Result<warta_share::Subject> {
        let row = self.store().rows(&[ArticleId(id)])?.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let publisher = self.publisher(row.feed, row.source.as_deref())?.name;
        let url = self.link_of(&row)?;
        Ok(warta_share::Subject {
            title: row.title,
            url,
            publisher,
            excerpt: row.excerpt,
            ..warta_share::Subject::default()
        })
    }

    /// An article's address for others: the one that its page names or was found at, where the page
    /// is here and is the article's; else the feed's. Blocks.
    pub(crate) fn link_of(&self, row: &warta_store::ArticleRow) -> Result<String> {
        let page = self.store().page(row.id)?.filter(|page| page.is_better);
        let found = page
            .map(|page| page.url)
            .filter(|url| url.starts_with("http"));
        Ok(found.or_else(|| row.url.clone()).unwrap_or_default())
    }

    /// A line in the history of each article of a digest.
    fn tell_each(&self, composed: &Composed, forward: &Forward) -> Result<()> {
        for (article, subject) in composed.articles.iter().zip(&composed.subjects) {
            self.store().add_forward(Forward {
                id: 0,
                article: Some(*article),
                title: subject.title.clone(),
                ..forward.clone()
            })?;
        }
        Ok(())
    }

    /// The next time WhatsApp opens where it opened now.
    fn remember_the_way(&self, draft: &Draft, opened: Option<&str>) -> Result<()> {
        let by_web = is_whatsapp(&draft.channel)
            && draft.target.as_deref() != opened
            && opened.is_some_and(|target| target.starts_with("https:"));
        let settings = self.settings();
        if by_web && !settings.whatsapp_in_browser {
            self.set_settings(crate::api::Settings {
                whatsapp_in_browser: true,
                ..settings
            })?;
        }
        Ok(())
    }

    fn remember_channel(&self, channel: &str) -> Result<()> {
        let forwarding = self.forwarding();
        if forwarding.last_channel != channel {
            self.set_forwarding(Forwarding {
                last_channel: channel.to_owned(),
                ..forwarding
            })?;
        }
        Ok(())
    }

    fn copies(&self, channel: &str) -> bool {
        let all = warta_share::channels(&self.preferences());
        all.iter()
            .any(|c| c.id == channel && matches!(c.means, Means::Copy | Means::CopyAndOpen))
    }

    /// Waiting forwards, oldest first.
    pub(crate) fn waiting_forwards(&self) -> Result<Vec<Forward>> {
        let mut waiting = self.store().forwards(None, usize::MAX)?;
        waiting.retain(|forward| forward.state == warta_store::ForwardState::Waiting);
        waiting.reverse();
        Ok(waiting)
    }

    pub(crate) fn waiting(&self, id: u64) -> Result<(Forward, Waiting)> {
        let forward = self
            .waiting_forwards()?
            .into_iter()
            .find(|forward| forward.id == id)
            .ok_or_else(|| Failure::not_found("waiting forward"))?;
        let waiting = self.all_waiting()?.remove(&id).unwrap_or_default();
        Ok((forward, waiting))
    }

    pub(crate) fn all_waiting(&self) -> Result<BTreeMap<u64, Waiting>> {
        let json = self.store().setting(OUTBOX)?.unwrap_or_default();
        Ok(serde_json::from_str(&json).unwrap_or_default())
    }

    pub(crate) fn change_waiting(
        &self,
        change: impl FnOnce(&mut BTreeMap<u64, Waiting>),
    ) -> Result<()> {
        let _one_at_a_time = crate::locked(&self.inner.outbox);
        let mut all = self.all_waiting()?;
        change(&mut all);
        let json = serde_json::to_string(&all)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        Ok(self.store().set_setting(OUTBOX, &json)?)
    }

    /// Keeps what became of a forward that has left the outbox.
    pub(crate) fn settled(&self, forward: &Forward) -> Result<()> {
        self.store().change_forward(forward)?;
        self.change_waiting(|all| {
            all.remove(&forward.id);
        })?;
        self.tell(Event::PlacesChanged);
        Ok(())
    }

    pub(crate) fn record(&self, forward: Forward, waiting: &Waiting) -> ForwardRecord {
        let channels = warta_share::channels(&self.preferences());
        let name = channels
            .into_iter()
            .find(|c| c.id == forward.channel)
            .map(|c| c.name);
        ForwardRecord {
            id: forward.id,
            at: forward.at,
            article: forward.article.map(|id| id.0),
            channel_name: name.unwrap_or_else(|| forward.channel.clone()),
            by_itself: warta_share::service::find(&forward.channel).is_some(),
            channel: forward.channel,
            title: forward.title,
            message: forward.message,
            target: forward.target,
            state: match forward.state {
                warta_store::ForwardState::Opened => ForwardState::Opened,
                warta_store::ForwardState::Copied => ForwardState::Copied,
                warta_store::ForwardState::Waiting => ForwardState::Waiting,
                warta_store::ForwardState::Failed => ForwardState::Failed,
            },
            problem: waiting.problem.clone(),
            edited_since: false,
        }
    }
}

/// Copies, opens the share sheet, the target or, where that has no handler, what it falls back to; says
/// what was opened.
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
                tracing::warn!(why, "the system's share sheet did not open");
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

fn is_whatsapp(channel: &str) -> bool {
    channel == "whatsapp" || channel.starts_with("whatsapp:")
}

/// A headline's first words: a whole headline finds itself alone.
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
    // The detail is what a front end can put into the reader's words.
    let (message, detail) = match error {
        ShareError::UnknownChannel(channel) => {
            (format!("there is no channel `{channel}`"), "unknownChannel")
        }
        ShareError::NoLink => ("it has no link to forward".to_owned(), "noLink"),
        ShareError::NothingToSay => ("it has nothing to forward".to_owned(), "nothingToSay"),
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
        ShareError::TooLong => ("it is too long".to_owned(), "tooLong"),
    };
    Failure {
        code: FailureCode::CannotForward,
        message,
        detail: detail.into(),
    }
}
