// State shared by the three ways to add feeds: the feeds found, the ones chosen, and problems.

import {
  asFailure,
  type Backend,
  type CatalogueFeed,
  type Discovery,
  type ImportReport,
  type SecretsKept,
} from '../backend';
import { failureText } from '../state/failures';
import { describeFeed } from './catalogueNames';
import { isAddress, matchingFeeds } from './catalogueSearch';

export type Way = 'address' | 'catalogue' | 'opml';

export class Adding {
  way = $state<Way>('address');
  address = $state('');
  finding = $state(false);
  found = $state.raw<Discovery | null>(null);
  catalogue = $state.raw<CatalogueFeed[]>([]);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  report = $state.raw<ImportReport | null>(null);
  working = $state(false);
  /** Translated error text. */
  wrong = $state('');
  /** Advice where another address may help. */
  hint = $state<'add.tryAddress' | 'add.tryReached' | null>(null);

  readonly #backend: Backend;
  readonly #done: (secrets: SecretsKept) => void;

  /** `done` receives where passwords in the addresses were stored. */
  constructor(backend: Backend, done: (secrets: SecretsKept) => void) {
    this.#backend = backend;
    this.#done = done;
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
    await this.#attempt(async () => {
      this.found = await this.#backend.discover(address);
      // The reader may have switched to another method meanwhile.
      if (this.way === 'address') this.chosen = new Set([...this.chosen, ...this.#main()]);
    });
    this.finding = false;
  }

  /** Feeds of the catalogue whose name, host, topic or country is typed into the address box. */
  readonly suggested = $derived.by(() =>
    isAddress(this.address) && this.address.includes('/')
      ? []
      : matchingFeeds(this.catalogue, this.address, describeFeed),
  );

  /** Chooses several feeds, or no longer. */
  choose(urls: readonly string[], on: boolean): void {
    const next = new Set(this.chosen);
    for (const url of urls) {
      if (on) next.add(url);
      else next.delete(url);
    }
    this.chosen = next;
  }

  toggle(url: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(url)) next.add(url);
    this.chosen = next;
  }

  async subscribe(): Promise<void> {
    const found = this.way === 'catalogue' ? [] : (this.found?.feeds ?? []);
    const listed = found.map(({ url }) => url);
    const known = [...found, ...this.catalogue.filter(({ url }) => !listed.includes(url))];
    const feeds = known
      .filter((feed) => this.chosen.has(feed.url))
      .map(({ url, title, site }) => ({ url, title, site, folder: [] }));
    if (feeds.length === 0 || this.working) return;
    this.working = true;
    const subscribed = await this.#attempt(() => this.#backend.subscribe(feeds));
    this.working = false;
    if (subscribed) this.#done(subscribed.secrets);
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

  finish(): void {
    this.#done('none');
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
