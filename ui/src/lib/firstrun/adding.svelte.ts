// State shared by the ways to add feeds: the feeds found, the ones chosen, and problems.
// Feeds found at an address are chosen by their URLs, rows of the catalogue by their titles.

import {
  asFailure,
  type Backend,
  type CatalogueCheck,
  type CatalogueFeed,
  type Discovery,
  type FoundFeed,
  type ImportReport,
  type MailAdded,
  type NewFeed,
  type SecretsKept,
} from '../backend';
import { Mailbox } from '../newsletters/mailbox.svelte';
import { OlderChoice, type OlderArticles } from '../older/older.svelte';
import { PageChoice } from '../pages/pageChoice.svelte';
import { webAddress } from '../state/addresses';
import { failureText } from '../state/failures';
import { describeFeed } from './catalogueNames';
import { isAddress, matchingFeeds, searchable } from './catalogueSearch';
import { PodcastSearch } from './podcastSearch.svelte';

export type Way = 'address' | 'catalogue' | 'opml' | 'mail';

export class Adding {
  way = $state<Way>('address');
  address = $state('');
  finding = $state(false);
  found = $state.raw<Discovery | null>(null);
  catalogue = $state.raw<CatalogueFeed[]>([]);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  report = $state.raw<ImportReport | null>(null);
  working = $state(false);
  /** Number of publishers whose addresses are being tried. */
  checking = $state(0);
  /** Number of feeds that were added while the dialog is open. */
  added = $state(0);
  /** Titles of the publishers of which no address answered. */
  unanswered = $state.raw<readonly string[]>([]);
  /** Translated error text. */
  wrong = $state('');
  /** Advice where another address may help. */
  hint = $state<'add.tryAddress' | 'add.tryReached' | null>(null);

  /** Which older articles of the chosen feeds to fetch. */
  readonly older = new OlderChoice();
  /** The choice of a part of the page as a feed, once the reader wants one. */
  choice = $state.raw<PageChoice | null>(null);
  /** The search for podcasts. */
  readonly podcasts: PodcastSearch;

  /** The address whose feeds were looked for. */
  #looked = $state('');

  /** The mailbox whose newsletters are added. */
  readonly mailbox: Mailbox;
  readonly #backend: Backend;
  readonly #done: (secrets: SecretsKept) => void;
  readonly #olderArticles: OlderArticles | undefined;
  /** Where passwords of the feeds that were added are stored. */
  #secrets: SecretsKept = 'none';

  /** `done` receives where passwords in the addresses were stored. */
  constructor(
    backend: Backend,
    done: (secrets: SecretsKept) => void,
    olderArticles?: OlderArticles,
  ) {
    this.#backend = backend;
    this.mailbox = new Mailbox(backend);
    this.podcasts = new PodcastSearch(backend);
    this.#done = done;
    this.#olderArticles = olderArticles;
  }

  enter(way: Way): void {
    this.way = way;
    this.wrong = '';
    if (way === 'address') this.chosen = new Set([...this.chosen, ...this.#main()]);
    if (way === 'catalogue') void this.loadCatalogue();
  }

  async loadCatalogue(): Promise<void> {
    if (this.catalogue.length > 0) return;
    await this.#attempt(async () => {
      this.catalogue = await this.#backend.catalogue();
    });
  }

  /** Looks for the feeds of an address; names and topics are looked up in the catalogue. */
  async find(): Promise<void> {
    const address = this.address.trim();
    if (address === '' || this.finding) return;
    if (!isAddress(address) && this.suggested.length > 0) return;
    this.finding = true;
    this.found = null;
    this.choice = null;
    this.#looked = address;
    await this.#attempt(async () => {
      this.found = await this.#backend.discover(address);
      // The reader may have switched to another method meanwhile.
      if (this.way === 'address') this.chosen = new Set([...this.chosen, ...this.#main()]);
    });
    this.finding = false;
  }

  /** Whether the page at the address can be made a feed: its feeds were looked for. */
  readonly mayMakePage = $derived(
    !this.finding &&
      this.#looked === this.address.trim() &&
      webAddress(this.#looked) !== null &&
      (this.found !== null || this.wrong !== ''),
  );

  /** Shows what the page at the address would be as a feed. */
  async choosePage(): Promise<void> {
    const address = this.found?.url ?? webAddress(this.address);
    if (!address) return;
    this.wrong = '';
    this.choice = new PageChoice(this.#backend, address);
    await this.choice.show();
  }

  /** Subscribes to the chosen part of the page. */
  async subscribeToPage(): Promise<void> {
    const { page, preview, title } = this.choice ?? {};
    if (!page || !preview || this.working) return;
    this.working = true;
    await this.#attempt(async () => {
      const { url } = preview;
      const name = title?.trim() ? title.trim() : preview.title;
      await this.#subscribe([{ url, title: name, site: url, folder: [], page }]);
      this.finish();
    });
    this.working = false;
  }

  /** The addresses of the chosen feeds that offer an archive. */
  readonly withArchive = $derived.by(() => {
    const feeds = this.way === 'address' && this.#olderArticles ? (this.found?.feeds ?? []) : [];
    const wanted = feeds.filter(({ url, archive }) => archive !== null && this.chosen.has(url));
    return wanted.map(({ url }) => url);
  });

  /** The catalogue with the texts that are searched. */
  readonly searchable = $derived.by(() => searchable(this.catalogue, describeFeed));

  /** Rows of the catalogue whose name, host, topic or place is typed into the address box. */
  readonly suggested = $derived.by(() =>
    isAddress(this.address) && this.address.includes('/')
      ? []
      : matchingFeeds(this.searchable, this.address),
  );

  /** Chooses several rows, or no longer. */
  choose(keys: readonly string[], on: boolean): void {
    const next = new Set(this.chosen);
    for (const key of keys) {
      if (on) next.add(key);
      else next.delete(key);
    }
    this.chosen = next;
  }

  toggle(key: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(key)) next.add(key);
    this.chosen = next;
  }

  /**
   * Subscribes to what is chosen. The addresses of publishers of the catalogue are tried first;
   * those of which none answered stay chosen and are listed.
   */
  async subscribe(): Promise<void> {
    const offered =
      this.way === 'catalogue' ? [] : [...(this.found?.feeds ?? []), ...this.#podcasts()];
    const found = offered.filter(({ url }) => this.chosen.has(url));
    const rows = this.catalogue.filter(({ title }) => this.chosen.has(title));
    if ((found.length === 0 && rows.length === 0) || this.working) return;
    this.working = true;
    this.checking = rows.length;
    this.unanswered = [];
    await this.#attempt(async () => {
      const titles = rows.map(({ title }) => title);
      const checks = titles.length > 0 ? await this.#backend.checkCatalogue(titles) : [];
      this.#learn(checks);
      const answered = checks.flatMap(({ title, feed }) => {
        const site = rows.find((row) => row.title === title)?.site ?? null;
        return feed ? [{ url: feed.url, title, site, folder: [], page: feed.page }] : [];
      });
      const urls = new Set(answered.map(({ url }) => url));
      const feeds = [
        ...found
          .filter(({ url }) => !urls.has(url))
          .map(({ url, title, site, page }) => ({ url, title, site, folder: [], page })),
        ...answered,
      ];
      if (feeds.length > 0) {
        const { withArchive } = this;
        await this.#subscribe(feeds);
        const { request } = this.older;
        if (request && withArchive.length > 0) {
          await this.#olderArticles?.fetchOf(withArchive, request);
        }
      }
      this.unanswered = checks.filter(({ feed }) => !feed).map(({ title }) => title);
      this.chosen = new Set(this.unanswered);
      this.#noteSubscribed(answered.map(({ title }) => title));
      if (this.unanswered.length === 0) this.finish();
    });
    this.checking = 0;
    this.working = false;
  }

  async importFile(): Promise<void> {
    this.working = true;
    this.report = (await this.#attempt(() => this.#backend.importOpmlFile())) ?? this.report;
    this.working = false;
  }

  async importDropped(file: File): Promise<void> {
    this.way = 'opml';
    this.working = true;
    const report = await this.#attempt(async () =>
      this.#backend.importOpml([...new Uint8Array(await file.arrayBuffer())]),
    );
    this.report = report ?? this.report;
    this.working = false;
  }

  /** A mailbox was added. */
  mailAdded({ feeds, secrets }: MailAdded): void {
    if (secrets !== 'none') this.#secrets = secrets;
    this.added += feeds.length;
    this.finish();
  }

  finish(): void {
    this.#done(this.#secrets);
  }

  async #subscribe(feeds: NewFeed[]): Promise<void> {
    const { secrets } = await this.#backend.subscribe(feeds);
    if (secrets !== 'none') this.#secrets = secrets;
    this.added += feeds.length;
  }

  /** Takes over what was found at the addresses. */
  #learn(checks: readonly CatalogueCheck[]): void {
    const found = new Map(checks.map(({ title, addresses }) => [title, addresses]));
    this.catalogue = this.catalogue.map((feed) => {
      const addresses = found.get(feed.title);
      return addresses ? { ...feed, addresses } : feed;
    });
  }

  #noteSubscribed(titles: readonly string[]): void {
    const subscribed = new Set(titles);
    this.catalogue = this.catalogue.map((feed) =>
      subscribed.has(feed.title) ? { ...feed, already: true } : feed,
    );
  }

  /** The podcasts that were found, as feeds to subscribe to. */
  #podcasts(): Pick<FoundFeed, 'url' | 'title' | 'site' | 'page'>[] {
    return this.podcasts.found.map(({ url, title, site }) => ({ url, title, site, page: null }));
  }

  /** Only the site's main feed, the first one, is chosen at first; others are comments or sections. */
  #main(): string[] {
    const [main] = this.found?.feeds ?? [];
    return main && !main.already ? [main.url] : [];
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.wrong = '';
    try {
      return await work();
    } catch (thrown) {
      const failure = asFailure(thrown);
      this.wrong = failureText(failure);
      const misspelt = ['badAddress', 'noFeed', 'badInput'].includes(failure.code);
      if (misspelt) this.hint = 'add.tryAddress';
      else this.hint = failure.code === 'fetchFailed' ? 'add.tryReached' : null;
      return undefined;
    }
  }
}
