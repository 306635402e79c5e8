//! Forwarding, integrations, cards and exported files.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::ProblemCode;

/// A channel that articles and stories can be forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
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
    /// The forward's state.
    pub state: ForwardState,
    /// Whether it goes to an integration and is sent automatically when the network is reachable.
    pub by_itself: bool,
    /// Why it could not be sent yet; `signIn` when the service rejects the reader's token.
    pub problem: Option<ProblemCode>,
    /// Whether the publisher has changed the headline since.
    pub edited_since: bool,
}

/// State of a forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ForwardState {
    /// The target or the share sheet was opened, or the integration has accepted it.
    Opened,
    /// The message was copied to the clipboard.
    Copied,
    /// Waiting in the outbox.
    Waiting,
    /// Nothing could open the target, or the reader discarded it.
    Failed,
}

/// The reader's forwarding preferences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Forwarding {
    /// Ids of the channels to list first, in order.
    pub order: Vec<String>,
    /// Ids of hidden channels.
    pub hidden: Vec<String>,
    /// The reader's message templates.
    pub messages: Vec<OwnMessage>,
    /// Host of the reader's Mastodon instance; may be empty.
    pub mastodon: String,
    /// URL of the reader's own WhatsApp Channel; may be empty.
    pub whatsapp_channel: String,
    /// WhatsApp contacts.
    pub contacts: Vec<WhatsappContact>,
    /// Channels defined by the reader.
    pub own: Vec<OwnChannel>,
    /// Id of the last used channel; may be empty.
    pub last_channel: String,
}

/// A message template for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnMessage {
    /// The channel's id.
    pub channel: String,
    /// The template, with `{title}`, `{publisher}`, `{excerpt}` and `{link}`.
    pub template: String,
}

/// A WhatsApp contact; stored on this machine only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatsappContact {
    /// The contact's name.
    pub name: String,
    /// The phone number as entered; stored as digits with the country code.
    pub number: String,
}

/// A channel defined by the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnChannel {
    /// A stable id; empty for a new channel.
    pub id: String,
    /// The channel's name.
    pub name: String,
    /// The URL to open, with `{title}`, `{url}`, `{text}` and `{publisher}`.
    pub template: String,
}

/// Google News links for an article or story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GoogleNewsPlaces {
    /// The publisher's page on Google News.
    pub publisher: Option<String>,
    /// The page for adding it to Google's preferred sources.
    pub prefer: Option<String>,
    /// Search words for following the topic.
    pub topic: String,
}

/// Dimensions of a picture card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CardShape {
    /// 1080 × 1350.
    Post,
    /// 1080 × 1920.
    Status,
}

/// A request for a picture card.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CardRequest {
    /// The content.
    pub subject: Subject,
    /// The dimensions.
    pub shape: CardShape,
    /// Whether to draw the article's picture on it.
    pub with_picture: bool,
}

/// A rendered picture card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureCard {
    /// The PNG in base64 (RFC 4648 § 4).
    pub png: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The first few characters that no installed font has.
    pub missing: String,
    /// Whether the article has a picture that can be drawn.
    pub has_picture: bool,
    /// Suggested file name.
    pub name: String,
}

/// File format for exporting an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FileFormat {
    /// Plain text.
    Text,
    /// Markdown (`CommonMark`).
    Markdown,
    /// A self-contained web page.
    Html,
    /// EPUB 3 with pictures.
    Epub,
}

/// An integration: a service that stores links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShareService {
    /// The service's id, e.g. `raindrop`.
    pub id: String,
    /// The service's name, e.g. `Raindrop.io`.
    pub name: String,
    /// The credentials it requires.
    pub needs: ServiceNeeds,
    /// The service's URL; empty if the reader must enter it.
    pub address: String,
    /// Whether the service is self-hosted, so that the reader enters its URL.
    pub own_address: bool,
    /// The page where the reader gets the credentials.
    pub where_to_get: String,
    /// Whether the reader has connected an account.
    pub connected: bool,
    /// Whether the service has accepted the account, in a check or a save.
    pub taken: bool,
}

/// The credentials that a service requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ServiceNeeds {
    /// An API token.
    Token,
    /// A user name and password.
    Login,
    /// A client id and secret, a user name and a password.
    Client,
}

/// The reader's account at a service. Its secrets are stored in the system keyring.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccount {
    /// The service's URL; empty for the default.
    pub address: String,
    /// The API token.
    pub token: String,
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
}

impl std::fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServiceAccount({})", self.address)
    }
}
