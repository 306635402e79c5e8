//! Passing articles and stories on: the message, the target, the outbox, the history.

use warta_share::{Means, Preferences, ShareError};
use warta_store::{ArticleId, Forward};

use crate::face::{
    Draft, Event, Failure, FailureCode, ForwardRecord, ForwardRequest, ForwardState, ShareChannel,
    Subject,
};
use crate::{Newsroom, Result};

/// The schemes that Warta opens, and no others.
const OPENED_SCHEMES: [&str; 6] = ["https", "http", "mailto", "sms", "whatsapp", "tg"];
/// Forwards that an article's history shows.
const HISTORY: usize = 20;

/// What only a face can do: open something with the system, and use the clipboard.
pub trait Outside {
    /// Opens an address with the system's handler; an error where there is none.
    fn open(&self, target: &str) -> std::result::Result<(), String>;
    /// Puts plain text on the clipboard.
    fn copy(&self, text: &str) -> std::result::Result<(), String>;
}

impl Newsroom {
    /// The channels, WhatsApp and Google News first.
    #[must_use]
    #[expect(clippy::unused_self, reason = "the faces call the newsroom alone")]
    pub fn share_channels(&self) -> Vec<ShareChannel> {
        warta_share::channels()
            .iter()
            .map(|channel| ShareChannel {
                id: channel.id.into(),
                name: channel.name.into(),
                copies: channel.means == Means::Copy,
                limit: channel.limit.map(|limit| limit as u32),
                has_message: channel.has_message,
            })
            .collect()
    }

    /// The message that a channel makes of an article or story, or the reader's own, and where it
    /// goes. Opens nothing. Blocks.
    pub fn draft(&self, subject: Subject, channel: &str, message: Option<&str>) -> Result<Draft> {
        let (subject, _) = self.subject(subject)?;
        let preferences = self.preferences();
        let draft = match message {
            Some(message) => warta_share::compose_with(channel, &subject, message, &preferences),
            None => warta_share::compose(channel, &subject, &preferences),
        };
        let mut draft = draft.map_err(cannot_forward)?;
        if draft.channel == "whatsapp" && self.settings().whatsapp_in_browser {
            draft.target = Some(draft.fallback.remove(0));
        }
        Ok(Draft {
            needs_network: draft
                .target
                .as_deref()
                .is_some_and(|t| t.starts_with("http")),
            channel: draft.channel,
            message: draft.message,
            target: draft.target,
            fallback: draft.fallback,
        })
    }

    /// Forwards: opens the target (or what it falls back to), copies, or puts it into the outbox;
    /// in every case the history tells it. Blocks.
    pub fn forward(
        &self,
        request: &ForwardRequest,
        outside: &dyn Outside,
    ) -> Result<ForwardRecord> {
        let draft = self.draft(
            request.subject,
            &request.channel,
            request.message.as_deref(),
        )?;
        let (subject, article) = self.subject(request.subject)?;
        let state = if request.wait && draft.target.is_some() {
            ForwardState::Waiting
        } else {
            deliver(&draft, outside)
        };
        let mut forward = Forward {
            id: 0,
            at: self.now(),
            article,
            channel: draft.channel,
            title: subject.title,
            message: draft.message,
            target: draft.target,
            state: state.into(),
        };
        forward.id = self.store().add_forward(forward.clone())?;
        self.tell(Event::PlacesChanged);
        if state == ForwardState::Failed {
            let message = format!("nothing on this machine opens {}", forward.channel);
            return Err(Failure::new(FailureCode::NoHandler, message));
        }
        Ok(record(forward))
    }

    /// Opens a forward that waits in the outbox, once. Blocks.
    pub fn forward_waiting(&self, id: u64, outside: &dyn Outside) -> Result<ForwardRecord> {
        let mut waiting = self
            .outbox()?
            .into_iter()
            .find(|forward| forward.id == id)
            .ok_or_else(|| Failure::not_found("waiting forward"))?;
        let draft = Draft {
            channel: waiting.channel.clone(),
            message: waiting.message.clone(),
            target: waiting.target.clone(),
            fallback: Vec::new(),
            needs_network: true,
        };
        waiting.state = deliver(&draft, outside);
        self.store().set_forward_state(id, waiting.state.into())?;
        self.tell(Event::PlacesChanged);
        Ok(waiting)
    }

    /// What waits for the network, oldest first. Blocks.
    pub fn outbox(&self) -> Result<Vec<ForwardRecord>> {
        let mut waiting: Vec<_> = self
            .store()
            .forwards(None, usize::MAX)?
            .into_iter()
            .filter(|forward| forward.state == warta_store::ForwardState::Waiting)
            .map(record)
            .collect();
        waiting.reverse();
        Ok(waiting)
    }

    /// Takes a forward out of the outbox without opening it. Blocks.
    pub fn discard_waiting(&self, id: u64) -> Result<()> {
        self.store()
            .set_forward_state(id, warta_store::ForwardState::Failed)?;
        self.tell(Event::PlacesChanged);
        Ok(())
    }

    /// What was forwarded, newest first; of one article where given. Blocks.
    pub fn forwards(&self, article: Option<u64>) -> Result<Vec<ForwardRecord>> {
        let forwards = self.store().forwards(article.map(ArticleId), HISTORY)?;
        Ok(forwards.into_iter().map(record).collect())
    }

    /// Opens a link that the reader clicked: web and mail addresses only.
    #[expect(clippy::unused_self, reason = "the faces call the newsroom alone")]
    pub fn open_link(&self, link: &str, outside: &dyn Outside) -> Result<()> {
        let scheme = link
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel") {
            return Err(Failure::new(
                FailureCode::BadAddress,
                "Warta does not open such links",
            ));
        }
        outside.open(link).map_err(|why| Failure {
            code: FailureCode::NoHandler,
            message: "nothing on this machine opens the link".into(),
            detail: why,
        })
    }

    /// Puts a link on the clipboard, without what tracks its reader.
    #[expect(clippy::unused_self, reason = "the faces call the newsroom alone")]
    pub fn copy_link(&self, link: &str, outside: &dyn Outside) -> Result<()> {
        outside
            .copy(&warta_share::clean_link(link))
            .map_err(|why| Failure {
                code: FailureCode::NoHandler,
                message: "the clipboard could not be used".into(),
                detail: why,
            })
    }

    fn preferences(&self) -> Preferences {
        let settings = self.settings();
        let (hl, gl) = (settings.google_news_language, settings.google_news_country);
        let ceid = format!("{gl}:{}", hl.split('-').next().unwrap_or(&hl));
        Preferences {
            language: settings.language,
            google_news: (hl, gl, ceid),
            via: settings.via_warta,
        }
    }

    /// What is said of an article or story, and the article that stands for it.
    fn subject(&self, subject: Subject) -> Result<(warta_share::Subject, Option<ArticleId>)> {
        let (id, headline) = match subject {
            Subject::Article { id } => (ArticleId(id), None),
            Subject::Story { id } => {
                let story = self.story(id)?.story;
                (ArticleId(story.lead.id), Some(story.headline))
            }
        };
        let row = self.store().rows(&[id])?.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let publisher = self.publisher(row.feed, row.source.as_deref())?.name;
        let subject = warta_share::Subject {
            title: headline.unwrap_or(row.title),
            url: row.url.unwrap_or_default(),
            publisher,
            excerpt: row.excerpt,
        };
        Ok((subject, Some(id)))
    }
}

/// Opens the target or, where that has no handler, what it falls back to; or copies.
fn deliver(draft: &Draft, outside: &dyn Outside) -> ForwardState {
    let Some(target) = &draft.target else {
        return match outside.copy(&draft.message) {
            Ok(()) => ForwardState::Copied,
            Err(_) => ForwardState::Failed,
        };
    };
    for target in std::iter::once(target).chain(&draft.fallback) {
        let scheme = target.split(':').next().unwrap_or_default();
        if OPENED_SCHEMES.contains(&scheme) && outside.open(target).is_ok() {
            return ForwardState::Opened;
        }
    }
    ForwardState::Failed
}

fn record(forward: Forward) -> ForwardRecord {
    let name = warta_share::channels()
        .iter()
        .find(|c| c.id == forward.channel)
        .map(|c| c.name);
    ForwardRecord {
        id: forward.id,
        at: forward.at,
        article: forward.article.map(|id| id.0),
        channel_name: name.map_or_else(|| forward.channel.clone(), str::to_owned),
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
    let message = match error {
        ShareError::UnknownChannel(channel) => format!("there is no channel `{channel}`"),
        ShareError::NoLink => "it has no link to forward".to_owned(),
    };
    Failure::new(FailureCode::CannotForward, message)
}
