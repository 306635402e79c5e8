//! Hints from `class` and `id` attributes, in the languages of the news.
//!
//! They are hints, never proof: the caller also considers the text of a part.

/// The hints of an element, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Hints(u16);

impl Hints {
    /// The text of an article.
    pub(crate) const BODY: Self = Self(1);
    /// Something about the content, but less certainly its text.
    pub(crate) const CONTENT: Self = Self(2);
    /// Page furniture: navigation, sharing, advertisements, teasers.
    pub(crate) const CLUTTER: Self = Self(4);
    /// Comments.
    pub(crate) const COMMENTS: Self = Self(8);
    /// The lead paragraph.
    pub(crate) const LEAD: Self = Self(16);
    /// A caption.
    pub(crate) const CAPTION: Self = Self(32);
    /// Byline and date.
    pub(crate) const META: Self = Self(64);
    /// A figure.
    pub(crate) const PICTURE: Self = Self(256);
    /// A paywall.
    pub(crate) const BARRIER: Self = Self(128);

    /// Something that asks for consent to cookies.
    pub(crate) const CONSENT: Self = Self(512);

    /// Whether it hints at any of these.
    pub(crate) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    pub(crate) fn with(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }
}

/// Maximum number of names of an element, and of words of a name.
const MAX_NAMES: usize = 16;
const MAX_WORDS: usize = 10;

/// What `class` and `id` of an element hint at.
pub(crate) fn hints(class: Option<&str>, id: Option<&str>) -> Hints {
    let names = class.into_iter().chain(id).flat_map(str::split_whitespace);
    let mut found = Hints::default();
    let mut is_post = false;
    for name in names.take(MAX_NAMES) {
        // Category and state classes do not describe the element.
        let filed = [
            "category-",
            "tag-",
            "type-",
            "status-",
            "has-",
            "no-",
            "with-",
            "without-",
            "format-",
            "post_tag-",
            "is-",
            "js-",
            "supports-",
            "hide-",
        ];
        is_post |= matches!(name, "hentry" | "type-post" | "h-entry" | "status-publish");
        if !filed.iter().any(|prefix| name.starts_with(prefix))
            || matches!(name, "tag-links" | "tag-list")
        {
            found = found.with(of_name(name));
        }
    }
    if is_post {
        return Hints(found.0 & !(Hints::CLUTTER.0 | Hints::COMMENTS.0 | Hints::META.0))
            .with(Hints::CONTENT);
    }
    found
}

fn of_name(name: &str) -> Hints {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = Hints::default();
    for (at, word) in words.iter().enumerate() {
        found = found.with(of_word(word));
        for other in &words[at + 1..] {
            found = found.with(of_pair(word, other));
        }
    }
    // An embedded post is a quote, whatever network it comes from.
    if words.contains(&"tweet") || words == ["instagram", "media"] {
        return Hints::default();
    }
    found
}

/// `articleBody-main2` as `article`, `body`, `main`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in name.chars().take(80) {
        let starts = c.is_uppercase() && was_lower;
        if (!c.is_alphabetic() || starts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
            if words.len() == MAX_WORDS {
                return words;
            }
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn of_word(word: &str) -> Hints {
    match word {
        "articlebody" | "storybody" | "postbody" | "entrybody" | "newsbody" | "articlecontent"
        | "storycontent" | "postcontent" | "entrycontent" | "newscontent" | "articletext"
        | "storytext" | "posttext" | "newstext" | "bodytext" | "fulltext" | "bodycopy"
        | "bodycontent" | "artikeltext" | "isiberita" | "isi" | "artikelinhalt" => Hints::BODY,
        "article" | "artikel" | "articulo" | "articolo" | "artigo" | "story" | "post" | "entry"
        | "content" | "contents" | "konten" | "contenido" | "contenu" | "inhalt" | "body"
        | "maincontent" | "main" | "hentry" | "blogpost" | "berita" | "beitrag" | "paragraph"
        | "text" | "richtext" | "detail" | "detailtext" => Hints::CONTENT,
        "comment" | "comments" | "commentlist" | "commentform" | "commentary-list" | "respond"
        | "kommentar" | "kommentare" | "komentar" | "komentari" | "comentarios"
        | "commentaires" | "commenti" | "commento" | "disqus" | "livefyre" | "replies"
        | "reacties" | "komentarze" | "usercomments" | "commentarea" | "commentsection"
        | "commentbox" | "comentario" | "commentaire" | "commentwrapper" | "commentslist"
        | "postcomments" | "userreviews" => Hints::COMMENTS,
        "lead" | "lede" | "intro" | "introduction" | "introtext" | "standfirst" | "summary"
        | "excerpt" | "deck" | "dek" | "subtitle" | "subheadline" | "subheading" | "subhead"
        | "abstract" | "chapeau" | "chapo" | "sapo" | "vorspann" | "strapline" | "sottotitolo"
        | "entradilla" | "bajada" | "copete" | "ingress" | "leadtext" | "einleitung"
        | "articlelead" | "preamble" | "sommario" | "teaser" | "epigraph" | "teasertext"
        | "kurztext" | "anrisstext" | "dropcap" | "shortdescription" => Hints::LEAD,
        "caption" | "captions" | "figcaption" | "imagecaption" | "captiontext" | "credit"
        | "credits" | "bildunterschrift" | "pictext" | "photocaption" | "imgcaption"
        | "photocredit" | "bildtext" | "imgcredit" | "imagecredit" => Hints::CAPTION,
        "image" | "images" | "photo" | "foto" | "picture" | "img" | "figure" | "thumbnail"
        | "bild" | "gambar" | "imagen" | "pic" | "thumb" => Hints::PICTURE,
        "byline" | "dateline" | "date" | "timestamp" | "author" | "authors" | "autor"
        | "penulis" | "meta" | "metadata" | "postmeta" | "entrymeta" | "posted" | "pubdate"
        | "kicker" | "published" | "datum" | "tanggal" | "readtime" | "readingtime"
        | "pretitle" | "articlemeta" | "reporter" | "postdate" | "posttime" | "infoline" => {
            Hints::META
        }
        "paywall" | "premiumwall" | "regwall" | "piano" | "metered" | "barrier" | "paygate"
        | "steadypaywall" => Hints::BARRIER,
        "cookie" | "cookies" | "cookiebar" | "cookiebanner" | "cookieconsent" | "consent"
        | "gdpr" | "cmp" | "onetrust" | "cookiebot" | "didomi" | "kuki" => {
            Hints::CLUTTER.with(Hints::CONSENT)
        }
        _ if is_clutter(word) => Hints::CLUTTER,
        _ => Hints::default(),
    }
}

#[expect(clippy::too_many_lines, reason = "a list of words")]
fn is_clutter(word: &str) -> bool {
    matches!(
        word,
        "share"
            | "shares"
            | "sharing"
            | "sharebar"
            | "sharebutton"
            | "sharebuttons"
            | "sharebox"
            | "sharedaddy"
            | "sharelinks"
            | "addthis"
            | "addtoany"
            | "sociable"
            | "shariff"
            | "social"
            | "socials"
            | "socialmedia"
            | "socialshare"
            | "sharetools"
            | "socialbar"
            | "sociallinks"
            | "socialicons"
            | "heateor"
            | "ssba"
            | "sharethis"
            | "shareaholic"
            | "related"
            | "relateds"
            | "relatedposts"
            | "relatedarticles"
            | "relatedcontent"
            | "relatednews"
            | "relatedlinks"
            | "yarpp"
            | "crp"
            | "recommended"
            | "recommendation"
            | "recommendations"
            | "recommend"
            | "recirc"
            | "terkait"
            | "relacionadas"
            | "relacionados"
            | "relacionado"
            | "relacionada"
            | "correlati"
            | "similar"
            | "newsletter"
            | "newsletters"
            | "subscribe"
            | "subscription"
            | "signup"
            | "optin"
            | "mailchimp"
            | "mailpoet"
            | "sidebar"
            | "breadcrumb"
            | "breadcrumbs"
            | "crumb"
            | "crumbs"
            | "footer"
            | "foot"
            | "pagefooter"
            | "nav"
            | "navi"
            | "navbar"
            | "navigation"
            | "menu"
            | "submenu"
            | "topbar"
            | "navlinks"
            | "pagination"
            | "pager"
            | "paging"
            | "paginate"
            | "pagenav"
            | "advert"
            | "adverts"
            | "advertisement"
            | "advertisements"
            | "advertising"
            | "ads"
            | "ad"
            | "adv"
            | "adslot"
            | "adsense"
            | "adsbygoogle"
            | "adbox"
            | "adcontainer"
            | "adunit"
            | "adwrapper"
            | "anzeige"
            | "werbung"
            | "iklan"
            | "reklama"
            | "publicidad"
            | "banner"
            | "banners"
            | "sponsor"
            | "sponsored"
            | "sponsors"
            | "promo"
            | "promos"
            | "promotion"
            | "promobox"
            | "popup"
            | "modal"
            | "outbrain"
            | "taboola"
            | "plista"
            | "zergnet"
            | "revcontent"
            | "mgid"
            | "tagcloud"
            | "tags"
            | "taglist"
            | "taglinks"
            | "posttags"
            | "tagged"
            | "bio"
            | "authorbox"
            | "authorbio"
            | "authorinfo"
            | "aboutauthor"
            | "popular"
            | "populer"
            | "terpopuler"
            | "terbaru"
            | "trending"
            | "mostread"
            | "mostpopular"
            | "toolbar"
            | "toolbox"
            | "printfriendly"
            | "rating"
            | "ratings"
            | "login"
            | "searchform"
            | "skiplink"
            | "copyright"
            | "donate"
            | "donation"
            | "follow"
            | "followus"
            | "whatsapp"
            | "telegram"
            | "toc"
            | "newsticker"
            | "pullquote"
            | "noprint"
            | "visuallyhidden"
            | "hidden"
            | "sitemap"
            | "masthead"
            | "otherposts"
            | "morenews"
            | "prevnext"
            | "backlink"
            | "callout"
            | "cta"
            | "jetpack"
            | "rrssb"
            | "impressum"
            | "bookmark"
            | "bookmarks"
            | "readalso"
            | "readmore"
            | "bacajuga"
            | "lihatjuga"
            | "postnav"
            | "postfooter"
            | "feedback"
            | "loginbox"
            | "userbar"
            | "etiquetas"
            | "postlist"
            | "newslist"
            | "archive"
            | "archives"
            | "blogroll"
            | "webring"
            | "linklist"
            | "teasers"
            | "teaserlist"
            | "slideshow"
            | "carousel"
            | "swiper"
            | "wpdiscuz"
            | "addcomment"
            | "dropdown"
            | "abonnement"
            | "mehrzumthema"
            | "hashtags"
            | "hashtag"
    )
}

#[expect(clippy::unnested_or_patterns, reason = "pairs read better one by one")]
fn of_pair(first: &str, second: &str) -> Hints {
    match (first, second) {
        (
            "article" | "story" | "post" | "entry" | "news" | "blog" | "artikel" | "berita"
            | "read" | "beitrag" | "nota" | "noticia" | "detail" | "single",
            "body" | "content" | "contents" | "text" | "txt" | "copy" | "isi" | "konten"
            | "paragraphs" | "inhalt" | "bodytext" | "richtext" | "entry",
        )
        | (
            "txt" | "text" | "body" | "content" | "isi",
            "article" | "artikel" | "berita" | "copy" | "post" | "detail" | "text",
        )
        | ("parser", "output")
        | ("rich", "text") => Hints::BODY,
        (
            "author" | "autor" | "penulis" | "writer" | "contributor",
            "bio" | "box" | "info" | "about" | "card" | "profile" | "description" | "details"
            | "block" | "desc" | "biography" | "section" | "vcard",
        )
        | ("about", "author" | "writer" | "us")
        | (
            "more",
            "stories" | "news" | "articles" | "posts" | "from" | "about" | "on" | "like" | "link"
            | "links",
        )
        | ("read", "more" | "also" | "next" | "too")
        | ("baca" | "lihat" | "simak", "juga")
        | ("also", "read" | "like" | "see")
        | ("you", "may" | "might")
        | ("most", "read" | "popular" | "viewed" | "recent" | "shared")
        | (
            "latest" | "recent" | "other" | "further" | "top",
            "news" | "posts" | "post" | "articles" | "stories" | "article" | "comments",
        )
        | (
            "next" | "prev" | "previous",
            "post" | "article" | "next" | "story" | "posts" | "articles",
        )
        | (
            "post" | "entry" | "article" | "story",
            "nav" | "tags" | "footer" | "utility" | "utilities" | "tools" | "teasers" | "actions"
            | "links" | "tag" | "buttons",
        )
        | ("sr" | "print", "only")
        | ("screen", "reader")
        | ("skip", "to" | "link" | "links")
        | ("mailing", "list")
        | ("sign", "up" | "in")
        | ("log", "in")
        | ("side", "bar" | "column" | "col")
        | ("right" | "left", "column" | "col" | "rail" | "sidebar" | "bar")
        | ("call", "action")
        | ("pull", "quote")
        | ("back", "top")
        | ("link", "list")
        | ("tag", "list" | "cloud" | "links" | "box")
        | ("follow", "us")
        | ("site", "header" | "info")
        | ("page", "footer" | "navigation") => Hints::CLUTTER,
        (
            "comment" | "comments" | "reader",
            "list" | "form" | "section" | "area" | "thread" | "comments",
        ) => Hints::COMMENTS,
        (
            "image" | "photo" | "picture" | "img" | "media" | "bild" | "foto" | "pic",
            "caption" | "credit" | "description" | "text" | "copyright" | "info" | "desc"
            | "legend" | "meta" | "source",
        ) => Hints::CAPTION,
        (
            "subscribe" | "subscriber" | "subscribers" | "subscription" | "premium" | "plus"
            | "pay" | "registration" | "abo",
            "wall" | "only" | "barrier" | "gate" | "overlay" | "box" | "offer" | "offers"
            | "teaser" | "cta" | "required" | "lock",
        ) => Hints::BARRIER,
        (
            "read" | "reading" | "publish" | "post" | "posted" | "published",
            "time" | "on" | "date" | "info" | "by",
        ) => Hints::META,
        _ => Hints::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_words() {
        for (name, hint) in [
            ("articleBody", Hints::BODY),
            ("td-post-content", Hints::BODY),
            ("side-article txt-article", Hints::BODY),
            ("entry-content", Hints::BODY),
            ("social-share", Hints::CLUTTER),
            ("author_bio", Hints::CLUTTER),
            ("bacajuga", Hints::CLUTTER),
            ("commentlist", Hints::COMMENTS),
            ("wp-caption-text", Hints::CAPTION),
            ("standfirst", Hints::LEAD),
            ("post-date", Hints::META),
            ("subscriber-only", Hints::BARRIER),
        ] {
            assert!(hints(Some(name), None).has(hint), "{name}");
            assert!(hints(None, Some(name)).has(hint), "{name}");
        }
        for name in [
            "commentary",
            "header",
            "download",
            "post-1 hentry tag-social category-ads",
            "twitter-tweet",
        ] {
            assert!(
                !hints(Some(name), None).has(Hints::CLUTTER.with(Hints::COMMENTS)),
                "{name}"
            );
        }
    }
}
