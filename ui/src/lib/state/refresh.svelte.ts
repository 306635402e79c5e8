// Reloads what is shown when the engine reports that something changed.

import type { Event, Notice, PackView } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { Debounce } from './debounce';
import type { OlderArticles } from '../older/older.svelte';
import type { Dialogs } from './dialogs.svelte';
import type { Forwarding } from './forwarding.svelte';
import type { FrontPageState, StoryPageState } from './frontPage.svelte';
import type { Library } from './library.svelte';
import type { Marks } from './marks.svelte';
import type { Navigation } from './navigation.svelte';
import type { Reader } from './reader.svelte';
import type { SearchState } from './search.svelte';
import type { Session } from './session.svelte';
import type { SyncState } from './sync.svelte';
import type { Toasts } from './toasts.svelte';

/** Several events in a row lead to one reload. In milliseconds, like the next. */
const DELAY = 250;
/** The front page takes the engine longer and need not change as often. */
const FRONT_DELAY = 1000;

interface Parts {
  session: Session;
  library: Library;
  navigation: Navigation;
  reader: Reader;
  front: FrontPageState;
  story: StoryPageState;
  search: SearchState;
  marks: Marks;
  sync: SyncState;
  forwarding: Forwarding;
  dialogs: Dialogs;
  toasts: Toasts;
  older: OlderArticles;
}

export class Refresh {
  readonly #parts: Parts;
  readonly #debounce = new Debounce();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  handleEvent(event: Event): void {
    const { session, library, reader, sync, forwarding, toasts } = this.#parts;
    sync.handleEvent(event, session.now);
    switch (event.type) {
      case 'syncFinished':
      case 'storiesChanged':
        this.#frontSoon();
        this.#debounce.schedule('story', DELAY, () => this.#story());
        if (event.type === 'syncFinished') library.countSearchesOnceIndexed();
        break;
      case 'noticed':
        this.#showNotice(event.notice);
        break;
      case 'articlesArrived':
        this.placesSoon();
        this.#listSoon();
        this.#frontSoon();
        break;
      case 'picturesArrived':
        this.#listSoon();
        this.#frontSoon();
        if (reader.openId !== null && event.articles.includes(reader.openId)) this.#articleSoon();
        break;
      case 'textArrived':
        this.#listSoon();
        if (reader.openId === event.article) this.#articleSoon();
        break;
      case 'audioChanged':
        reader.updateAudio(event.article, event.url, event.audio);
        break;
      case 'packChanged':
        this.#packChanged(event.pack);
        break;
      case 'budgetSpent':
        toasts.show(t('saver.over'));
        break;
      case 'updateFound':
        toasts.show(t('updates.found', { version: event.version }), {
          label: t('updates.show'),
          run: () => this.#parts.dialogs.open({ kind: 'settings', find: t('updates.check') }),
        });
        break;
      case 'feedOffered':
        toasts.show(t('mend.offered', { name: event.title }), {
          label: t('mend.see'),
          run: () => this.#parts.dialogs.open({ kind: 'health' }),
        });
        break;
      case 'placesChanged':
        this.placesSoon();
        break;
      case 'olderArticles':
        this.#parts.older.handleEvent(event);
        if (event.run.articles > 0) this.#listSoon();
        break;
      case 'connectionChanged':
        session.connection = event.connection;
        if (event.connection === 'online') void forwarding.askAboutOutbox();
        break;
      case 'syncProgress':
        break;
    }
  }

  placesSoon(): void {
    this.#debounce.schedule('places', DELAY, () => this.reloadPlaces());
  }

  async reloadPlaces(): Promise<void> {
    const { library, navigation } = this.#parts;
    if (!(await library.load())) return;
    const { view } = navigation;
    const gone = view.kind === 'place' && 'id' in view.place && !library.placeName(view.place);
    if (gone) navigation.go({ kind: 'front' });
  }

  /** After many articles or feeds changed at once. */
  async reloadAll(): Promise<void> {
    const { navigation, reader, front, search, marks } = this.#parts;
    marks.forget();
    const { kind } = navigation.view;
    await Promise.all([
      this.reloadPlaces(),
      front.load(),
      kind === 'place' ? navigation.list?.load() : undefined,
      this.#story(),
      reader.refresh(),
      kind === 'search' && search.query ? search.run() : undefined,
    ]);
  }

  #frontSoon(): void {
    this.#debounce.schedule('front', FRONT_DELAY, () => this.#parts.front.load());
  }

  #listSoon(): void {
    this.#debounce.schedule('list', DELAY, () => this.#list());
  }

  #articleSoon(): void {
    this.#debounce.schedule('article', DELAY, () => this.#parts.reader.refresh());
  }

  async #list(): Promise<void> {
    const { session, navigation } = this.#parts;
    if (navigation.view.kind === 'place' && navigation.list)
      await session.attempt(navigation.list.refresh());
  }

  async #story(): Promise<void> {
    const { navigation, story } = this.#parts;
    if (navigation.view.kind === 'story') await story.load(navigation.view.id);
  }

  #packChanged(pack: PackView): void {
    const { library, navigation, toasts } = this.#parts;
    const before = library.updatePack(pack);
    if (!before) {
      this.placesSoon();
      return;
    }
    const { view } = navigation;
    const shown = view.kind === 'place' && view.place.kind === 'pack' && view.place.id === pack.id;
    if (shown) this.#listSoon();
    else if (pack.status === 'done' && before.status !== 'done')
      toasts.show(t('packs.done', { complete: pack.complete, count: pack.articles }));
  }

  /** What a rule or a followed story reports. */
  #showNotice({ title, text, story, article }: Notice): void {
    const { navigation, reader, toasts } = this.#parts;
    toasts.show(t('story.development', { title, text }), {
      label: t('story.read'),
      run: () => {
        if (story !== null) navigation.enter({ kind: 'story', id: story });
        void reader.open(article);
      },
    });
  }
}
