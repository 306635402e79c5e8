//! Forwarding, integrations, cards and exported files.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A channel that articles and stories can be forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ShareChannel {
    /// The channel's id, e.g. `whatsapp`; `whatsapp:62812…` is one contact.
    pub id: String,
    /// The channel's name in the reader's language, e.g. `WhatsApp`.
    pub name: String,
    /// The icon's name, from a fixed set.
    pub icon: String,
    /// How the channel delivers.
    pub means: ShareMeans,
    /// Whether it copies to the clipboard instead of opening a target.
    pub copies: bool,
    /// Maximum message length, if limited.
    pub limit: Option<u32>,
    /// What `limit` counts.
    pub unit: ShareUnit,
    /// Whether there is a message to edit.
    pub has_message: bool,
    /// Whether it accepts several articles in one message.
    pub takes_several: bool,
    /// A limitation of the channel, in the reader's language; may be empty.
    pub note: String,
    /// The message template, with `{title}`, `{publisher}`, `{excerpt}` and `{link}`.
    pub template: String,
    /// Whether the reader has hidden it.
    pub hidden: bool,
}

/// How a channel delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ShareMeans {
    /// Opens the target.
    Open,
    /// Copies the message.
    Copy,
    /// Copies the message and opens the page to paste it into.
    CopyAndOpen,
    /// Shows a QR code.
    QrCode,
    /// Renders a picture card.
    Card,
    /// Writes a file.
    File,
    /// Sends the link to an integration.
    Service,
    /// Opens the system share sheet.
    System,
}

/// What a channel's limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ShareUnit {
    /// Unicode scalar values.
    Characters,
    /// Grapheme clusters.
    Graphemes,
    /// X's weighting: most letters 1, Chinese, Japanese, Korean and emoji 2, a link 23.
    Weighted,
}

/// The content to forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Subject {
    /// An article.
    Article {
        /// The article's id.
        id: u64,
    },
    /// A story.
    Story {
        /// The story's id.
        id: u64,
    },
    /// A quote from an article.
    Quote {
        /// The article's id.
        id: u64,
        /// The quoted plain text.
        text: String,
    },
    /// Several articles.
    Digest {
        /// Ids of the articles, in order; 1 to 50.
        ids: Vec<u64>,
    },
}

/// A composed message and its target, not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The channel's id.
    pub channel: String,
    /// The message; the reader may edit it.
    pub message: String,
    /// The link sent beside the message, if the message does not contain it.
    pub link: Option<String>,
    /// Whether the message is copied to the clipboard.
    pub copies: bool,
    /// The target to open; `None` for channels that open nothing.
    pub target: Option<String>,
    /// Targets to try if the first has no handler.
    pub fallback: Vec<String>,
    /// The title in the system share sheet; `None` for channels without one.
    pub sheet: Option<String>,
    /// Whether opening it requires the network.
    pub needs_network: bool,
    /// Index of this message, from 0, when the limit splits a digest.
    pub part: u32,
    /// Number of messages.
    pub parts: u32,
    /// The link as a QR code, for the QR code channel.
    pub qr_code: Option<QrCode>,
}

/// A QR code as an SVG path; its `viewBox` is `0 0 size size`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QrCode {
    /// Side length in modules, including the quiet zone.
    pub size: u32,
    /// SVG path of the dark modules.
    pub path: String,
}

/// A request to forward.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ForwardRequest {
    /// The content.
    pub subject: Subject,
    /// The channel's id.
    pub channel: String,
    /// The edited message; `None` uses the channel's template.
    pub message: Option<String>,
    /// Whether to add it to the outbox instead of opening it now.
    pub wait: bool,
    /// Index of the message, from 0, when the limit splits a digest.
    pub part: u32,
}

/// A forward in the history or the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ForwardRecord {
    /// The record's id.
    pub id: u64,
    /// When it was forwarded.
    pub at: i64,
    /// The article's id.
    pub article: Option<u64>,
    /// The channel's id.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// The headline.
    pub title: String,
    /// The message.
    pub message: String,
    /// The target that was opened.
    pub target: Option<String>,
    /// What became of it.
    pub state: ForwardState,
    /// Goes out without the reader's hand, once the network lets it: to a service.
    pub by_itself: bool,
    /// Why it could not go out yet: a [`Problem`]'s code, or `signIn` where the service does not take the
    /// reader's token any more.
    pub problem: Option<String>,
    /// The publisher has changed the headline since.
    pub edited_since: bool,
}

/// What became of a forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ForwardState {
    /// Its target or the system's share sheet was opened; a service has it.
    Opened,
    /// Its text is on the clipboard.
    Copied,
    /// It waits in the outbox.
    Waiting,
    /// Nothing could open it, or the reader dropped it.
    Failed,
}

/// What the reader has set for forwarding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Forwarding {
    /// Ids of channels that come first, in this order.
    pub order: Vec<String>,
    /// Ids of channels that are out of sight.
    pub hidden: Vec<String>,
    /// The reader's own messages, as templates.
    pub messages: Vec<OwnMessage>,
    /// The host of the reader's Mastodon instance; may be empty.
    pub mastodon: String,
    /// The address of the reader's own WhatsApp Channel; may be empty.
    pub whatsapp_channel: String,
    /// People on WhatsApp.
    pub contacts: Vec<WhatsappContact>,
    /// The reader's own channels.
    pub own: Vec<OwnChannel>,
    /// The channel that was chosen last; may be empty.
    pub last_channel: String,
}

/// The reader's own message for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnMessage {
    /// The channel's id.
    pub channel: String,
    /// With `{title}`, `{publisher}`, `{excerpt}`, `{link}`.
    pub template: String,
}

/// Somebody on WhatsApp; kept on this machine only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatsappContact {
    /// As the reader calls them.
    pub name: String,
    /// As the reader writes it; kept as digits with the country's code.
    pub number: String,
}

/// A channel of the reader's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnChannel {
    /// Never changes; empty for a new one.
    pub id: String,
    /// As the reader calls it.
    pub name: String,
    /// What to open, with `{title}`, `{url}`, `{text}`, `{publisher}`.
    pub template: String,
}

/// What Google News has to do with an article or story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GoogleNewsPlaces {
    /// The publisher's page there.
    pub publisher: Option<String>,
    /// Where the reader tells Google to prefer this source.
    pub prefer: Option<String>,
    /// Words that the topic can be followed by.
    pub topic: String,
}

/// The shape of a picture card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CardShape {
    /// 1080 × 1350.
    Post,
    /// 1080 × 1920.
    Status,
}

/// Asks for a picture card.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CardRequest {
    /// What it says.
    pub subject: Subject,
    /// Its shape.
    pub shape: CardShape,
    /// Whether the article's picture stands on it.
    pub with_picture: bool,
}

/// A headline as a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureCard {
    /// A PNG in base64 (RFC 4648 § 4).
    pub png: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Characters that no font of this machine has, the first few.
    pub missing: String,
    /// Whether the article has a picture that could stand on it.
    pub has_picture: bool,
    /// A name for its file.
    pub name: String,
}

/// What an article is written to a file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FileFormat {
    /// Plain text.
    Text,
    /// Markdown (`CommonMark`).
    Markdown,
    /// A web page that stands alone.
    Html,
    /// EPUB 3, with its pictures.
    Epub,
}

/// A service that keeps links to read later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShareService {
    /// e.g. `raindrop`.
    pub id: String,
    /// e.g. `Raindrop.io`.
    pub name: String,
    /// What it asks for.
    pub needs: ServiceNeeds,
    /// Where it is; empty where the reader has to say.
    pub address: String,
    /// Whether everybody runs their own: the reader says where.
    pub own_address: bool,
    /// Where a reader gets what it asks for.
    pub where_to_get: String,
    /// Whether the reader has an account there.
    pub connected: bool,
    /// Whether the service has taken it: it was asked, or something was saved there.
    pub taken: bool,
}

/// What a service asks of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ServiceNeeds {
    /// A token.
    Token,
    /// A name and a password.
    Login,
    /// A client's id and secret, a name and a password.
    Client,
}

/// A reader's account at a service: secrets, which go into the system's keyring.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccount {
    /// Where the service is; empty takes the usual address.
    pub address: String,
    /// The token.
    pub token: String,
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
}

impl std::fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServiceAccount({})", self.address)
    }
}
