//! Imports and exports subscription lists (OPML).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use warta_article::sections::{ITEM_TITLE, ITEM_URI, Selector, css_of_xpath, xpath_of_css};
use warta_feed::opml::{self, OpmlPage, OpmlPageKind, OpmlXpath};
use warta_store::FolderId;

use crate::api::{
    Failure, FailureCode, ImportReport, LineProblem, NewFeed, PageFeed, PageFeedKind, Result,
};
use crate::context::labels::{title, without_credentials};
use crate::context::{Context, checks};
use crate::subscriptions::feeds::Feeds;
use crate::subscriptions::page_feeds;
use crate::subscriptions::publisher_channels::PublisherChannels;

/// Maximum number of feeds that are parts of one page, in a file.
const MAX_PARTS: usize = 50;

/// Imports and exports subscription lists.
pub struct Opml {
    ctx: Arc<Context>,
    feeds: Arc<Feeds>,
    publisher_channels: Arc<PublisherChannels>,
}

impl Opml {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        feeds: &Arc<Feeds>,
        publisher_channels: &Arc<PublisherChannels>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            feeds: Arc::clone(feeds),
            publisher_channels: Arc::clone(publisher_channels),
        }
    }

    /// Subscribes to all feeds in an OPML file. Returns a report and the ids of the new feeds.
    pub fn import_opml(&self, bytes: &[u8]) -> Result<(ImportReport, Vec<u32>)> {
        let read = opml::parse(bytes)
            .map_err(|error| Failure::new(FailureCode::BadInput, error.to_string()))?;
        let mut problems: Vec<LineProblem> = read
            .problems
            .into_iter()
            .map(|p| LineProblem {
                line: p.line as u32,
                what: p.what,
            })
            .collect();
        let mut seen = HashSet::new();
        let mut feeds = Vec::new();
        let mut channels = Vec::new();
        let mut left_out = 0;
        let mut parts: HashMap<String, usize> = HashMap::new();
        for subscription in read.feeds {
            let mut problem = |what: String| problems.push(LineProblem { line: 0, what });
            if let Err(why) = checks::web_address(&subscription.url) {
                problem(why);
                continue;
            }
            // A page may be several feeds.
            if !seen.insert((subscription.url.clone(), subscription.page.clone())) {
                continue;
            }
            let page = match subscription.page.map(page_of).transpose() {
                Ok(page) => page,
                Err(why) => {
                    let shown = without_credentials(&subscription.url);
                    problem(format!("{}: {why}", subscription.title.unwrap_or(shown)));
                    continue;
                }
            };
            if page.is_some() {
                let of_page = parts.entry(subscription.url.clone()).or_insert(0_usize);
                *of_page += 1;
                if *of_page > MAX_PARTS {
                    left_out += 1;
                    continue;
                }
            }
            if feeds.len() == checks::FEEDS {
                left_out += 1;
                continue;
            }
            let folder = checks::folder(&subscription.folder).unwrap_or_else(|why| {
                let shown = without_credentials(&subscription.url);
                problem(format!("{shown} was added without its folder: {why}"));
                Vec::new()
            });
            channels.push((
                subscription.url.clone(),
                [subscription.whatsapp_channel, subscription.google_news],
            ));
            feeds.push(NewFeed {
                url: subscription.url,
                title: subscription.title,
                site: subscription.site,
                folder,
                page,
            });
        }
        if left_out > 0 {
            let what = format!(
                "{left_out} feeds were skipped: one list adds at most {}, and {MAX_PARTS} of one page",
                checks::FEEDS
            );
            problems.push(LineProblem { line: 0, what });
        }
        let subscribed = self.feeds.subscribe(&feeds)?;
        self.publisher_channels.take_channels(channels)?;
        let report = ImportReport {
            added: subscribed.added.len() as u32,
            already: subscribed.already.len() as u32,
            problems,
        };
        Ok((report, subscribed.added))
    }

    /// The subscriptions as OPML 2.0.
    pub fn export_opml(&self) -> Result<String> {
        let paths: HashMap<FolderId, Vec<String>> =
            self.ctx.store.folders().paths().into_iter().collect();
        let feeds = self.ctx.subscriptions()?.into_iter();
        // Newsletters have no address on the web.
        let feeds = feeds.filter(|feed| !feed.kind.is_newsletter()).map(|feed| {
            let folder = feed.folder.and_then(|id| paths.get(&id));
            let [whatsapp_channel, google_news] =
                self.publisher_channels.channels_for_others(&feed);
            let page = page_feeds::page_feed(&feed.kind);
            let url = page_feeds::without_part(&feed.url, &feed.kind).to_owned();
            opml::Subscription {
                whatsapp_channel,
                google_news,
                title: Some(title(&feed)),
                site: feed.facts.site.clone(),
                folder: folder.cloned().unwrap_or_default(),
                url,
                description: None,
                page: page.map(page_for_others),
            }
        });
        let written = opml::write(&opml::Subscriptions {
            title: Some("Warta".into()),
            feeds: feeds.collect(),
            problems: Vec::new(),
        });
        Ok(warta_text::plain(&written).into_owned())
    }
}

/// The part of a page that an OPML file names, or why it cannot be used.
pub(crate) fn page_of(page: OpmlPage) -> std::result::Result<PageFeed, &'static str> {
    let xpath = page.xpath.map(|xpath| xpath.item);
    let selector = if let Some(selector) = page.selector.filter(|css| Selector::parse(css).is_ok())
    {
        selector
    } else {
        let xpath = xpath.ok_or("its selector cannot be read")?;
        css_of_xpath(&xpath).ok_or("the XPath rule cannot be translated")?
    };
    let kind = match page.kind {
        OpmlPageKind::List => PageFeedKind::HeadlineList,
        OpmlPageKind::Watch => PageFeedKind::Watch,
    };
    Ok(PageFeed { kind, selector })
}

/// The reverse of [`page_of`], with XPath for FreshRSS where there is some. There, a watched part is
/// an item whose content changes; JSON-LD cannot be read there.
fn page_for_others(page: PageFeed) -> OpmlPage {
    let item = Selector::parse(&page.selector)
        .ok()
        .filter(|selector| !selector.is_of_scripts())
        .and_then(|selector| xpath_of_css(&selector));
    let (kind, title, content, uri) = match page.kind {
        PageFeedKind::HeadlineList => (OpmlPageKind::List, ITEM_TITLE, None, Some(ITEM_URI)),
        PageFeedKind::Watch => (OpmlPageKind::Watch, "//title", Some("."), None),
    };
    OpmlPage {
        kind,
        selector: Some(page.selector),
        xpath: item.map(|item| OpmlXpath {
            item,
            title: Some(title.to_owned()),
            content: content.map(str::to_owned),
            uri: uri.map(str::to_owned),
        }),
    }
}
