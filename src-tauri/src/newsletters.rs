//! The commands for mail accounts whose newsletters are feeds.

use tauri::State;
use warta_engine::api::{
    MailAccount, MailAdded, MailGuess, MailSender, MailSetup, MailTrial, NewsletterSource,
    SyncScope,
};

use crate::commands::{Result, begin_sync};
use crate::engine_handle::EngineHandle;

/// The usual server of a mail address.
#[tauri::command]
#[specta::specta]
#[expect(
    clippy::needless_pass_by_value,
    reason = "commands take their arguments by value"
)]
pub(crate) fn guess_mail_server(address: String) -> Option<MailGuess> {
    warta_engine::Newsletters::guess(&address)
}

/// Signs in to a mailbox and lists its folders and senders; stores nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_mailbox(
    handle: State<'_, EngineHandle>,
    setup: MailSetup,
) -> Result<MailTrial> {
    handle.engine().await?.newsletters().trial(setup).await
}

/// Adds or changes a mail account and starts reading it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_mail_account(
    handle: State<'_, EngineHandle>,
    setup: MailSetup,
    chosen: Vec<MailSender>,
    others: Vec<MailSender>,
    new_senders: bool,
    folder: Vec<String>,
) -> Result<MailAdded> {
    let added = handle
        .call(move |engine| {
            let newsletters = engine.newsletters();
            newsletters.add(&setup, &chosen, &others, new_senders, &folder)
        })
        .await?;
    let ids = added.feeds.clone();
    let scope = if ids.is_empty() {
        SyncScope::Due
    } else {
        SyncScope::Feeds { ids }
    };
    begin_sync(&handle, scope).await?;
    Ok(added)
}

/// The mail accounts.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mail_accounts(handle: State<'_, EngineHandle>) -> Result<Vec<MailAccount>> {
    handle.call(|engine| engine.newsletters().accounts()).await
}

/// Removes a mail account and its password; its feeds stay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_mail_account(handle: State<'_, EngineHandle>, id: String) -> Result<()> {
    handle
        .call(move |engine| engine.newsletters().remove(&id))
        .await
}

/// Where a feed of newsletters comes from; nothing for any other feed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn newsletter_source(
    handle: State<'_, EngineHandle>,
    feed: u32,
) -> Result<Option<NewsletterSource>> {
    handle
        .call(move |engine| engine.newsletters().source(feed))
        .await
}
