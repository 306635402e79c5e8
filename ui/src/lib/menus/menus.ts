// What the context menus offer, for each kind of thing.

import Ban from '@lucide/svelte/icons/ban';
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import BookOpen from '@lucide/svelte/icons/book-open';
import Bookmark from '@lucide/svelte/icons/bookmark';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Circle from '@lucide/svelte/icons/circle';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Copy from '@lucide/svelte/icons/copy';
import Download from '@lucide/svelte/icons/download';
import ExternalLink from '@lucide/svelte/icons/external-link';
import FileText from '@lucide/svelte/icons/file-text';
import FolderInput from '@lucide/svelte/icons/folder-input';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import Forward from '@lucide/svelte/icons/forward';
import Globe from '@lucide/svelte/icons/globe';
import Highlighter from '@lucide/svelte/icons/highlighter';
import ListFilter from '@lucide/svelte/icons/list-filter';
import Maximize2 from '@lucide/svelte/icons/maximize-2';
import Pause from '@lucide/svelte/icons/pause';
import MessageSquareText from '@lucide/svelte/icons/message-square-text';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Rss from '@lucide/svelte/icons/rss';
import Search from '@lucide/svelte/icons/search';
import Tag from '@lucide/svelte/icons/tag';
import Trash2 from '@lucide/svelte/icons/trash-2';

import type {
  ArticleRow,
  FeedPlace,
  FolderPlace,
  PackView,
  Place,
  SearchPlace,
  Story,
  TagPlace,
} from '../backend';
import type { MenuItem } from '../controls';
import { t } from '../i18n/i18n.svelte';
import { packName } from '../packs/packLabels';
import { chosenIds, feedKey, folderKey, isWithin, type TreeRow } from '../places/tree';
import type { App } from '../state/app.svelte';
import type { ShownPicture } from '../state/dialogs.svelte';
import type { MenuContent } from './contextMenu';

/** An item with the testid `menu-ID`. */
type Item = MenuItem | false | null | undefined;

function content(label: string, ...items: Item[]): MenuContent {
  return { label, items: items.filter((item): item is MenuItem => Boolean(item)) };
}

export function articleMenu(app: App, row: ArticleRow): MenuContent {
  const { url } = row;
  const read = app.marks.isRead(row);
  const saved = app.marks.isSaved(row);
  const { kind } = app.navigation.view;
  const inList = kind === 'place' || kind === 'search';
  const at = app.navigation.rows.findIndex(({ id }) => id === row.id);
  const feed = app.library.places.feeds.find(({ id }) => id === row.feed);
  return content(
    t('menu.article', { title: row.title || t('list.untitled') }),
    app.reader.openId !== row.id && {
      id: 'open',
      label: t('keys.open'),
      icon: FileText,
      key: 'O',
      run: () => void app.reader.open(row.id),
    },
    url !== null && {
      id: 'browser',
      label: t('menu.openInBrowser'),
      icon: ExternalLink,
      key: 'V',
      run: () => app.session.openLink(url),
    },
    url !== null && {
      id: 'copy-link',
      label: t('article.copyLink'),
      icon: Copy,
      key: 'Y',
      run: () => void app.session.copyLink(url),
    },
    {
      id: 'save',
      label: saved ? t('article.unsave') : t('save'),
      icon: Bookmark,
      key: 'S',
      apart: true,
      run: () => app.actions.toggleSaved(row),
    },
    {
      id: 'read',
      label: read ? t('article.markUnread') : t('article.markRead'),
      icon: read ? Circle : CircleDot,
      key: 'M',
      run: () => app.actions.toggleRead(row),
    },
    inList &&
      at > 0 && {
        id: 'read-above',
        label: t('menu.markAbove'),
        icon: CheckCheck,
        run: () => void app.actions.markAbove(row),
      },
    inList &&
      at >= 0 && {
        id: 'read-below',
        label: t('menu.markBelow'),
        icon: CheckCheck,
        run: () => void app.actions.markBelow(row),
      },
    {
      id: 'forward',
      label: t('menu.forward'),
      icon: Forward,
      key: 'F',
      apart: true,
      run: () => app.forwarding.start({ kind: 'article', id: row.id }),
    },
    {
      id: 'tag',
      label: t('menu.tagArticle'),
      icon: Tag,
      key: 'T',
      run: () => app.actions.tag([row.id]),
    },
    {
      id: 'mute-words',
      label: t('menu.muteWords'),
      icon: Ban,
      run: () => app.actions.muteWords(row.title),
    },
    row.story !== null && {
      id: 'story',
      label: t('story.open'),
      icon: FileText,
      run: () => row.story && app.navigation.enter({ kind: 'story', id: row.story.id }),
    },
    feed !== undefined && {
      id: 'feed',
      label: t('menu.goToFeed', { name: feed.title }),
      icon: Rss,
      apart: true,
      run: () => app.navigation.go({ kind: 'place', place: { kind: 'feed', id: feed.id } }),
    },
  );
}

export function searchMenu(app: App, search: SearchPlace): MenuContent {
  return content(t('menu.search', { name: search.name }), {
    id: 'edit',
    label: t('places.editSearch', { name: search.name }),
    icon: Pencil,
    run: () => app.dialogs.open({ kind: 'search', ...search }),
  });
}

export function tagMenu(app: App, tag: TagPlace): MenuContent {
  return content(
    t('menu.tag', { name: tag.name }),
    readPlace(app, { kind: 'tag', id: tag.id }, tag.count.unread),
    {
      id: 'edit',
      label: t('menu.editTag'),
      icon: Pencil,
      apart: true,
      run: () => app.dialogs.open({ kind: 'tag', id: tag.id }),
    },
    {
      id: 'rules',
      label: t('rules.title'),
      icon: ListFilter,
      run: () => app.dialogs.open({ kind: 'rules' }),
    },
  );
}

export function packMenu(app: App, pack: PackView): MenuContent {
  const name = packName(pack);
  return content(
    t('menu.pack', { name }),
    {
      id: 'open',
      label: t('keys.open'),
      icon: FileText,
      run: () => app.navigation.go({ kind: 'place', place: { kind: 'pack', id: pack.id } }),
    },
    readPlace(app, { kind: 'pack', id: pack.id }, pack.articles),
  );
}

/** Of a place that is neither feed nor folder. */
export function placeMenu(app: App, place: Place, unread: number): MenuContent {
  return content(
    t('menu.place', { name: app.library.placeName(place) }),
    {
      id: 'open',
      label: t('keys.open'),
      icon: FileText,
      run: () => app.navigation.go({ kind: 'place', place }),
    },
    readPlace(app, place, unread),
  );
}

/** What feeds, folders and other places have in common. */
function readPlace(app: App, place: Place, unread: number): Item {
  return {
    id: 'mark-read',
    label: t('menu.markPlaceRead'),
    icon: CheckCheck,
    disabled: unread === 0,
    run: () => void app.actions.markAllRead(place),
  };
}

function feedMenu(app: App, feed: FeedPlace): MenuContent {
  const { id, site } = feed;
  return content(
    t('menu.feed', { name: feed.title }),
    readPlace(app, { kind: 'feed', id }, feed.count.unread),
    fetch(app, [id]),
    {
      id: 'pause',
      label: t(feed.paused ? 'menu.resume' : 'feed.paused'),
      icon: feed.paused ? Play : Pause,
      run: () => void app.actions.pauseFeed(feed),
    },
    site !== null && {
      id: 'site',
      label: t('feed.openSite'),
      icon: Globe,
      apart: true,
      run: () => app.session.openLink(site),
    },
    {
      id: 'copy-address',
      label: t('menu.copyFeedAddress'),
      icon: Copy,
      apart: site === null,
      run: () => void app.session.copyLink(feed.url),
    },
    {
      id: 'edit',
      label: t('menu.editFeed'),
      icon: Pencil,
      key: 'F2',
      apart: true,
      run: () => app.dialogs.open({ kind: 'feed', id }),
    },
    move(app, new Set([feedKey(id)])),
    {
      id: 'unsubscribe',
      label: t('feed.remove'),
      icon: Trash2,
      danger: true,
      run: () => void app.actions.unsubscribe(feed),
    },
  );
}

function folderMenu(app: App, folder: FolderPlace): MenuContent {
  const { id } = folder;
  const key = folderKey(id);
  const feeds = feedsIn(app, [id]);
  return content(
    t('menu.folder', { name: folder.name }),
    readPlace(app, { kind: 'folder', id }, folder.count.unread),
    fetch(app, feeds),
    {
      id: 'new-folder',
      label: t('folder.newOption'),
      icon: FolderPlus,
      apart: true,
      run: () => app.dialogs.open({ kind: 'newFolder', parent: id }),
    },
    {
      id: 'edit',
      label: t('menu.editFolder'),
      icon: Pencil,
      key: 'F2',
      run: () => app.dialogs.open({ kind: 'folder', id }),
    },
    move(app, new Set([key])),
    {
      id: 'remove',
      label: t('menu.remove'),
      icon: Trash2,
      danger: true,
      run: () => app.sidebar.remove(key),
    },
  );
}

/** Of several rows of the sidebar's tree together. */
function chosenMenu(app: App, keys: ReadonlySet<string>): MenuContent {
  const { feeds, folders } = chosenIds(keys);
  const places: Place[] = [
    ...folders.map((id) => ({ kind: 'folder' as const, id })),
    ...feeds.map((id) => ({ kind: 'feed' as const, id })),
  ];
  const all = new Set([...feeds, ...feedsIn(app, folders)]);
  return content(
    t('menu.chosen', { count: keys.size }),
    {
      id: 'mark-read',
      label: t('menu.markPlaceRead'),
      icon: CheckCheck,
      run: () => void app.actions.markPlacesRead(places),
    },
    fetch(app, [...all]),
    move(app, keys, true),
    {
      id: 'unsubscribe',
      label: t('feed.remove'),
      icon: Trash2,
      danger: true,
      run: () => app.sidebar.removeRows(keys),
    },
  );
}

/** Of a row of the sidebar's tree; of all chosen rows, if it is one of them. */
export function treeMenu(app: App, row: TreeRow): MenuContent {
  const keys = app.sidebar.meant(row.key);
  if (keys.size > 1) return chosenMenu(app, keys);
  return row.kind === 'feed' ? feedMenu(app, row.feed) : folderMenu(app, row.folder);
}

function fetch(app: App, feeds: number[]): Item {
  return {
    id: 'fetch',
    label: t('menu.fetchNow'),
    icon: RefreshCw,
    disabled: feeds.length === 0,
    run: () => void app.actions.fetchFeeds(feeds),
  };
}

function move(app: App, keys: ReadonlySet<string>, apart = false): Item {
  return {
    id: 'move',
    label: t('places.moveChosen'),
    icon: FolderInput,
    apart,
    run: () => app.sidebar.askWhereTo(keys),
  };
}

/** The feeds in folders and in the folders inside them. */
function feedsIn(app: App, folders: readonly number[]): number[] {
  const { places } = app.library;
  return places.feeds
    .filter((feed) => isWithin(places.folders, feed.folder, folders))
    .map((feed) => feed.id);
}

export function storyMenu(app: App, story: Story): MenuContent {
  return content(
    t('menu.story', { title: story.headline }),
    {
      id: 'open',
      label: t('keys.open'),
      icon: FileText,
      run: () => app.navigation.enter({ kind: 'story', id: story.id }),
    },
    {
      id: 'open-lead',
      label: t('menu.openLead', { publisher: story.lead.publisher }),
      icon: FileText,
      run: () => void app.reader.open(story.lead.id),
    },
    {
      id: 'follow',
      label: t(story.followed ? 'story.unfollow' : 'story.follow'),
      icon: story.followed ? BellOff : Bell,
      apart: true,
      run: () => void app.actions.followStory(story),
    },
    {
      id: 'mute',
      label: t('story.mute'),
      icon: Ban,
      run: () => void app.actions.muteStory(story),
    },
    {
      id: 'forward',
      label: t('story.forward'),
      icon: Forward,
      apart: true,
      run: () => app.forwarding.start({ kind: 'story', id: story.id }),
    },
  );
}

export function linkMenu(app: App, link: string, words: string): MenuContent {
  return content(
    t('menu.link', { words: words || link }),
    {
      id: 'browser',
      label: t('menu.openInBrowser'),
      icon: ExternalLink,
      run: () => app.session.openLink(link),
    },
    {
      id: 'copy-link',
      label: t('article.copyLink'),
      icon: Copy,
      run: () => void app.session.copyLink(link),
    },
    /^https?:/i.test(link) && {
      id: 'save-page',
      label: t('menu.savePage'),
      icon: BookOpen,
      run: () => void app.actions.savePage(link),
    },
  );
}

/** Of text that is selected in the open article. */
export function selectionMenu(app: App, text: string, article: number): MenuContent {
  const words = text.replace(/\s+/g, ' ').trim();
  // Words of the headline or a caption cannot be highlighted.
  const quotable = app.highlights.selectedText() !== null;
  const range = document.getSelection()?.getRangeAt(0).cloneRange();
  /** The web view may drop the selection when the menu is clicked. */
  const selectAgain = () => {
    const selection = document.getSelection();
    if (!range || !selection?.isCollapsed) return;
    selection.removeAllRanges();
    selection.addRange(range);
  };
  return content(
    t('menu.selection'),
    {
      id: 'copy',
      label: t('menu.copy'),
      icon: Copy,
      run: () => {
        selectAgain();
        document.execCommand('copy');
      },
    },
    quotable && {
      id: 'highlight',
      label: t('menu.highlight'),
      icon: Highlighter,
      key: 'H',
      apart: true,
      run: () => {
        selectAgain();
        void app.highlights.mark();
      },
    },
    quotable && {
      id: 'note',
      label: t('menu.note'),
      icon: MessageSquareText,
      run: () => {
        selectAgain();
        void app.highlights.note();
      },
    },
    {
      id: 'forward-quote',
      label: t('menu.forwardQuote'),
      icon: Forward,
      apart: !quotable,
      run: () =>
        quotable
          ? app.highlights.forwardSelected()
          : app.forwarding.start({ kind: 'quote', id: article, text: words }),
    },
    {
      id: 'search',
      label: t('menu.searchFor', { words: shortened(words) }),
      icon: Search,
      apart: true,
      run: () => app.navigation.openSearch(`"${words.replaceAll('"', '')}"`),
    },
    {
      id: 'mute-words',
      label: t('menu.mute', { words: shortened(words) }),
      icon: Ban,
      run: () => app.actions.muteWords(words),
    },
  );
}

export function pictureMenu(
  app: App,
  picture: ShownPicture,
  title: string,
  onlarge: (() => void) | undefined,
): MenuContent {
  return content(
    t('menu.picture', { words: picture.alt || picture.caption || title }),
    onlarge && { id: 'large', label: t('picture.large'), icon: Maximize2, run: onlarge },
    {
      id: 'copy-picture',
      label: t('picture.copy'),
      icon: Copy,
      run: () => void app.actions.copyPicture(picture.src),
    },
    {
      id: 'save-picture',
      label: t('picture.save'),
      icon: Download,
      run: () => void app.actions.savePicture(picture.src, picture.caption || title),
    },
  );
}

/** At most some words of a text, for a label. */
function shortened(text: string): string {
  const letters = [...text];
  return letters.length > 30 ? `${letters.slice(0, 29).join('')}…` : text;
}
