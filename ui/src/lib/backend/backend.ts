// What the UI can ask of the engine. Every method may reject with a `Failure`.

import type * as t from './types';

export interface Backend {
  overview: () => Promise<t.Overview>;
  places: () => Promise<t.Places>;
  list: (request: t.ListRequest) => Promise<t.ArticleList>;
  article: (id: number) => Promise<t.ArticleView>;
  frontPage: () => Promise<t.FrontPage>;
  story: (id: number) => Promise<t.StoryPage>;
  mark: (ids: number[], mark: t.Mark) => Promise<number>;
  markAllRead: (place: t.Place, newest: t.Cursor | null) => Promise<t.Undoable>;
  undo: (token: number) => Promise<boolean>;
  search: (query: string, limit: number, offset: number) => Promise<t.SearchPage>;
  discover: (address: string) => Promise<t.Discovery>;
  subscribe: (feeds: t.NewFeed[]) => Promise<t.Subscribed>;
  removeFeed: (id: number) => Promise<t.Undoable>;
  /** Says where the feed's secrets are now. */
  changeFeed: (id: number, change: t.FeedChange) => Promise<t.SecretsKept>;
  feedDetails: (id: number) => Promise<t.FeedDetails>;
  renameFolder: (id: number, name: string) => Promise<void>;
  removeFolder: (id: number) => Promise<t.Undoable>;
  /** Makes a damaged store again from what is readable, and opens it. */
  repair: () => Promise<t.RepairReport>;
  catalogue: () => Promise<t.CatalogueFeed[]>;
  /** Imports the bytes of a dropped OPML file. */
  importOpml: (bytes: Uint8Array) => Promise<t.ImportReport>;
  /** Lets the reader choose an OPML file; null if none was chosen. */
  importOpmlFile: () => Promise<t.ImportReport | null>;
  /** Lets the reader choose a snapshot and says what restoring it would change; null if none was chosen. */
  planRestoreFile: () => Promise<t.RestoreSummary | null>;
  /** Restores the snapshot that was read last. */
  applyRestore: (plan: number) => Promise<t.RestoreSummary>;
  cancelRestore: () => Promise<void>;
  /** Lets the reader choose where to write; the file's name, or null. */
  exportOpmlFile: () => Promise<string | null>;
  /** Begins a sync; events tell its course. */
  sync: (scope: t.SyncScope) => Promise<void>;
  stopSync: () => Promise<void>;
  activity: () => Promise<t.FeedActivity[]>;
  shareChannels: () => Promise<t.ShareChannel[]>;
  forwarding: () => Promise<t.Forwarding>;
  /** Brings it into form and gives it back. */
  setForwarding: (forwarding: t.Forwarding) => Promise<t.Forwarding>;
  /** `part`: of a digest in several messages, which. */
  draft: (
    subject: t.Subject,
    channel: string,
    message: string | null,
    part: number,
  ) => Promise<t.Draft>;
  googleNews: (subject: t.Subject) => Promise<t.GoogleNewsPlaces>;
  followTopic: (words: string) => Promise<t.Subscribed>;
  pictureCard: (request: t.CardRequest) => Promise<t.PictureCard>;
  copyCard: (request: t.CardRequest) => Promise<void>;
  /** Lets the reader choose where to write; the file's name, or null. */
  saveCard: (request: t.CardRequest) => Promise<string | null>;
  saveArticle: (id: number, format: t.FileFormat) => Promise<string | null>;
  publisherChannels: (feed: number) => Promise<t.PublisherChannel[]>;
  setPublisherChannels: (feed: number, addresses: string[]) => Promise<t.PublisherChannel[]>;
  /** Looks on the publisher's front page. */
  findPublisherChannels: (feed: number) => Promise<t.PublisherChannel[]>;
  shareServices: () => Promise<t.ShareService[]>;
  /** Says where the account's secrets are now. */
  connectService: (id: string, account: t.ServiceAccount) => Promise<t.SecretsKept>;
  checkService: (id: string) => Promise<string | null>;
  disconnectService: (id: string) => Promise<void>;
  forward: (request: t.ForwardRequest) => Promise<t.ForwardRecord>;
  outbox: () => Promise<t.ForwardRecord[]>;
  forwardWaiting: (id: number) => Promise<t.ForwardRecord>;
  discardWaiting: (id: number) => Promise<void>;
  editWaiting: (id: number, message: string) => Promise<t.ForwardRecord>;
  /** Sends what waits for a service now. */
  sendSave: (id: number) => Promise<t.ForwardRecord>;
  /** Opens a link outside, by the system. */
  openLink: (link: string) => Promise<void>;
  copyLink: (link: string) => Promise<void>;
  setSettings: (settings: t.Settings) => Promise<t.Settings>;
  snapshot: () => Promise<string>;
  usage: () => Promise<t.Usage>;
  /** Lets go of what is beyond the bounds, and says what that came to. */
  freeSpace: () => Promise<t.Tidied>;
  /** Keeps a search; the same words again take the new name. */
  saveSearch: (name: string, query: string) => Promise<t.SearchPlace>;
  removeSearch: (id: number) => Promise<void>;
  searchCounts: () => Promise<t.SearchCount[]>;
  /** Marks an opened article read, by the reader's settings; all that are read now and were not. */
  markOpened: (id: number) => Promise<number[]>;
  followStory: (id: number, follow: boolean) => Promise<void>;
  /** What `unwatch` takes to bring it back. */
  muteStory: (id: number) => Promise<number>;
  unwatch: (id: number) => Promise<void>;
  watched: () => Promise<t.Watched>;
  rules: () => Promise<t.Rule[]>;
  /** What a rule would have done to what is stored. */
  tryRule: (rule: t.Rule) => Promise<t.RuleTrial>;
  keepRule: (rule: t.Rule) => Promise<t.Rule>;
  removeRule: (id: number) => Promise<void>;
  removeTag: (id: number) => Promise<void>;
  /** What was trending around a moment; null is the latest there is. */
  pastTrending: (period: t.Period, at: number | null) => Promise<t.PastPage>;
  findOriginal: (pasted: string) => Promise<t.Original>;
  /** Shows the text of an article's own page, or its feed's. */
  chooseText: (id: number, page: boolean) => Promise<void>;
  /** Fetches the text of an article's own page; from then on it shows. */
  fetchFullText: (id: number) => Promise<void>;
  /** Fetches the pictures that an article lacks; says how many came. */
  fetchPictures: (id: number) => Promise<number>;
  /** Fetches a sound of an article; events tell its course. Ends well where the reader stops it. */
  fetchSound: (article: number, url: string) => Promise<void>;
  stopSound: (url: string) => Promise<void>;
  removeSound: (article: number, url: string) => Promise<void>;
  /** Notes where the listener of a sound is. */
  listened: (url: string, listening: t.Listening) => Promise<void>;
  /** Lets the reader choose where to copy a kept sound to; the file's name, or null. */
  saveSound: (url: string) => Promise<string | null>;
  packs: () => Promise<t.PackView[]>;
  pack: (id: number) => Promise<t.PackPage>;
  previewPack: (wish: t.PackWish) => Promise<t.PackPreview>;
  /** Makes a pack; events tell its course. */
  createPack: (wish: t.PackWish) => Promise<t.PackView>;
  pausePack: (id: number) => Promise<t.PackView>;
  resumePack: (id: number) => Promise<t.PackView>;
  removePack: (id: number) => Promise<t.Undoable>;
  /** Lets the reader choose where to write; the file's name, or null. */
  exportPack: (id: number, name: string) => Promise<string | null>;
  traffic: () => Promise<t.Traffic>;
  /** Calls back for everything that happens; the result ends it. */
  listen: (heard: (event: t.Event) => void) => Promise<() => void>;
}

const CODES: ReadonlySet<string> = new Set<t.FailureCode>([
  'inUse',
  'newerFormat',
  'readOnly',
  'diskFull',
  'damaged',
  'searchRebuilding',
  'notFound',
  'badAddress',
  'noFeed',
  'offline',
  'fetchFailed',
  'badInput',
  'syncRunning',
  'badPattern',
  'cannotForward',
  'noHandler',
  'noFullText',
  'nothingToPack',
  'internal',
]);

/** Whatever was thrown, as a `Failure`. */
export function asFailure(thrown: unknown): t.Failure {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code } = thrown;
    if (typeof code === 'string' && CODES.has(code)) return thrown as t.Failure;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, detail: '' };
}
