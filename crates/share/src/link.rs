//! Links without what tracks their reader.

use url::Url;

/// Query parameters that only track, compared without case. A trailing `*` stands for any ending.
/// Facts gathered from the senders' own documentation.
const TRACKERS: &[&str] = &[
    "utm_*",
    "fbclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "msclkid",
    "yclid",
    "ymclid",
    "ysclid",
    "_openstat",
    "twclid",
    "ttclid",
    "li_fat_id",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mc_tc",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "_ga",
    "_gl",
    "_ke",
    "_kx",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "wickedid",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "s_cid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "at_medium",
    "at_campaign",
    "at_custom*",
    "at_link_*",
    "at_format",
    "at_ptr_name",
    "at_bbc_team",
    "cmpid",
    "icid",
    "ocid",
    "ito",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
    "ns_linkname",
    "ns_fee",
    "ncid",
    "sr_share",
    "smid",
    "smtyp",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "ref_src",
    "ref_url",
    "traffic_source",
    "tracking_source",
    "spm",
    "scm",
    "pk_campaign",
    "pk_kwd",
    "pk_source",
    "pk_medium",
    "piwik_*",
    "mtm_*",
    "matomo_*",
    "hmb_*",
    "itm_*",
    "campaign_id",
    "campaign_medium",
    "campaign_name",
    "campaign_source",
    "campaign_term",
    "campaign_content",
    "wt_mc",
    "wtrid",
    "trk",
    "trkcampaign",
    "elqtrackid",
    "elqtrack",
    "assetid",
    "assettype",
    "recipientid",
    "sfmc_*",
    "dm_i",
    "dpg_*",
    "xtor",
    "mbid",
    "cndid",
    "esrc",
    "s_kwcid",
    "ef_id",
    "epik",
    "pp",
    "rtid",
    "sc_cid",
    "sc_campaign",
    "sc_channel",
    "sc_content",
    "sc_medium",
    "sc_outcome",
    "sc_geo",
    "sc_country",
    "soc_src",
    "soc_trk",
    "share_id",
    "__twitter_impression",
    "__s",
    "echobox",
];

/// The link without tracking parameters; redirects of Google, AMP caches and old Google News links
/// unwrapped where the address itself tells where they lead. What is no web address stays as it is.
#[must_use]
pub fn clean_link(link: &str) -> String {
    let link = link.trim();
    let Ok(mut url) = Url::parse(link) else {
        return link.to_owned();
    };
    if !matches!(url.scheme(), "http" | "https") {
        return link.to_owned();
    }
    // Redirects can be wrapped in each other; three layers are as many as are met.
    for _ in 0..3 {
        match unwrapped(&url) {
            Some(inner) => url = inner,
            None => break,
        }
    }
    without_trackers(&mut url);
    url.into()
}

fn without_trackers(url: &mut Url) {
    let host = url.host_str().map(str::to_owned);
    let is_tracker = |name: &str, value: &str| {
        let name = name.to_ascii_lowercase();
        let listed = TRACKERS
            .iter()
            .any(|tracker| match tracker.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == *tracker,
            });
        // `pp` is YouTube's tracker and other sites' page number.
        let ours = name != "pp" || host.as_deref().is_some_and(|h| h.contains("youtu"));
        // Some blogs name themselves as where the reader comes from.
        let itself = name == "ref" && host.as_deref() == Some(value);
        (listed && ours) || itself || (name == "si" && is_youtube(host.as_deref(), value))
    };
    if let Some(query) = url.query().map(str::to_owned)
        && url
            .query_pairs()
            .any(|(name, value)| is_tracker(&name, &value))
    {
        // What stays keeps its bytes: servers differ in what they make of another encoding.
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| {
                let mut parsed = url::form_urlencoded::parse(pair.as_bytes());
                !parsed
                    .next()
                    .is_some_and(|(name, value)| is_tracker(&name, &value))
            })
            .collect();
        url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    if let Some(fragment) = url.fragment()
        && (fragment.starts_with("xtor=")
            || fragment.starts_with("utm_")
            || fragment.starts_with("Echobox="))
    {
        url.set_fragment(None);
    }
}

fn is_youtube(host: Option<&str>, value: &str) -> bool {
    host.is_some_and(|h| h.contains("youtu")) && value.len() > 8
}

/// Where a redirect leads, if its own address says so.
fn unwrapped(url: &Url) -> Option<Url> {
    let host = url.host_str()?.trim_start_matches("www.");
    let path = url.path();
    if host.starts_with("google.") && path == "/url" {
        return query_link(url, &["q", "url"]);
    }
    if host == "l.facebook.com" || host == "lm.facebook.com" || host == "l.instagram.com" {
        return query_link(url, &["u"]);
    }
    if host.starts_with("google.")
        && let Some(rest) = path.strip_prefix("/amp/")
    {
        return amp_target(rest, url.query());
    }
    if host == "cdn.ampproject.org" || host.ends_with(".cdn.ampproject.org") {
        let rest = ["/c/", "/v/", "/i/"]
            .iter()
            .find_map(|p| path.strip_prefix(p))?;
        return amp_target(rest, url.query());
    }
    if host == "news.google.com" {
        return google_news_target(path);
    }
    None
}

fn query_link(url: &Url, names: &[&str]) -> Option<Url> {
    let pairs = url.query_pairs();
    names.iter().find_map(|wanted| {
        let value = pairs.clone().find(|(name, _)| name == wanted)?.1;
        web(&value)
    })
}

/// `s/host/path` is https, `host/path` http.
fn amp_target(rest: &str, query: Option<&str>) -> Option<Url> {
    let (scheme, rest) = match rest.strip_prefix("s/") {
        Some(rest) => ("https", rest),
        None => ("http", rest),
    };
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    web(&format!("{scheme}://{rest}{query}"))
        .filter(|u| u.host_str().is_some_and(|h| h.contains('.')))
}

/// Old Google News links hold the publisher's address in their id: base64 of a protocol buffer whose
/// fourth field is it. Newer ones hold an opaque key instead and stay as they are.
fn google_news_target(path: &str) -> Option<Url> {
    let id = path
        .strip_prefix("/rss/articles/")
        .or_else(|| path.strip_prefix("/articles/"))?;
    let bytes = base64(id.split('/').next()?)?;
    let start = bytes.windows(4).position(|w| w == b"http")?;
    // The byte (or two, for a length above 127) before the address is its length.
    let length = match bytes.get(..start)? {
        [.., low, high @ 1..=15] if low & 0x80 != 0 => {
            usize::from(low & 0x7f) | usize::from(*high) << 7
        }
        [.., length] => usize::from(*length),
        [] => return None,
    };
    let address = bytes
        .get(start..start + length)
        .or_else(|| bytes.get(start..))?;
    let end = address
        .iter()
        .position(|b| !(0x21..0x7f).contains(b))
        .unwrap_or(address.len());
    web(std::str::from_utf8(&address[..end]).ok()?)
        .filter(|u| u.host_str() != Some("news.google.com"))
}

/// URL-safe base64 without padding (RFC 4648 § 5); none where a character is foreign.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for character in text.trim_end_matches('=').bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address)
        .ok()
        .filter(|u| matches!(u.scheme(), "http" | "https"))
}
