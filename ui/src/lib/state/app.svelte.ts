// Puts the parts of the UI's state together and starts them. Components take this from the context
// and use the part they need; nothing here touches the DOM.

import { createContext } from 'svelte';

import { asFailure, type Backend, type Failure, type SecretsKept } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { OlderArticles } from '../older/older.svelte';
import { Sidebar } from '../places/sidebar.svelte';
import { Actions } from './actions.svelte';
import { ArticleStyleState } from './articleStyle.svelte';
import { Aloud } from './aloud.svelte';
import { Closing } from './closing';
import { ContextMenuState } from './contextMenu.svelte';
import { Dialogs } from './dialogs.svelte';
import { FocusRequests } from './focus.svelte';
import { FileDrop } from './fileDrop.svelte';
import { Find } from './find.svelte';
import { Forwarding } from './forwarding.svelte';
import { FrontPageState, PastPageState, StoryPageState } from './frontPage.svelte';
import { Highlights } from './highlights.svelte';
import { Layout } from './layout.svelte';
import { Library } from './library.svelte';
import { Links } from './links';
import { Marks } from './marks.svelte';
import { Navigation } from './navigation.svelte';
import { PlaceMemory } from './places.svelte';
import { Player } from './player.svelte';
import { Reader } from './reader.svelte';
import { Refresh } from './refresh.svelte';
import { Scrolling } from './scrolling';
import { SearchState } from './search.svelte';
import { Session } from './session.svelte';
import { SyncState } from './sync.svelte';
import { Toasts } from './toasts.svelte';

export const [getApp, setApp] = createContext<App>();

export class App {
  // A part knows only those above it.
  readonly backend: Backend;
  readonly toasts = new Toasts();
  readonly dialogs = new Dialogs();
  readonly menu = new ContextMenuState();
  readonly sync = new SyncState();
  readonly scrolling = new Scrolling();
  readonly focus = new FocusRequests();
  readonly find = new Find();
  readonly memory: PlaceMemory;
  readonly layout: Layout;
  readonly marks: Marks;
  readonly search: SearchState;
  readonly player: Player;
  readonly session: Session;
  readonly articleStyle: ArticleStyleState;
  readonly library: Library;
  readonly front: FrontPageState;
  readonly story: StoryPageState;
  readonly past: PastPageState;
  readonly reader: Reader;
  readonly highlights: Highlights;
  readonly navigation: Navigation;
  readonly aloud: Aloud;
  readonly forwarding: Forwarding;
  readonly older: OlderArticles;
  readonly refresh: Refresh;
  readonly actions: Actions;
  readonly sidebar: Sidebar;
  readonly links: Links;
  readonly closing: Closing;
  readonly fileDrop: FileDrop;

  status = $state<'starting' | 'ready' | 'failed'>('starting');
  failure = $state<Failure | null>(null);
  firstRun = $state(false);
  /** Whether this session's repair has been shown. */
  #repairShown = false;
  #listening = false;

  constructor(backend: Backend, storage: Storage | null = null) {
    this.backend = backend;
    this.layout = new Layout(storage);
    this.memory = new PlaceMemory(storage);
    this.marks = new Marks(backend);
    this.player = new Player(backend);
    this.session = new Session(backend, this.toasts);
    this.articleStyle = new ArticleStyleState(this.session);
    this.library = new Library(this.session);
    this.search = new SearchState(this);
    this.front = new FrontPageState(this.session);
    this.story = new StoryPageState(this.session);
    this.past = new PastPageState(this.session);
    this.reader = new Reader(this.session, this.marks, this.dialogs);
    this.highlights = new Highlights(this);
    this.navigation = new Navigation(this);
    this.aloud = new Aloud(this);
    this.forwarding = new Forwarding(this);
    this.older = new OlderArticles(this);
    this.refresh = new Refresh(this);
    this.actions = new Actions(this);
    this.sidebar = new Sidebar(this);
    this.links = new Links(this);
    this.closing = new Closing(this);
    this.fileDrop = new FileDrop(this);
  }

  async start(): Promise<void> {
    this.status = 'starting';
    this.failure = null;
    try {
      if (!this.#listening) {
        await this.backend.listen((event) => this.refresh.handleEvent(event));
        this.#listening = true;
      }
      // Asked for together: each answer takes a few milliseconds to reach the page.
      void this.front.load();
      const overview = await this.backend.overview();
      this.session.begin(overview);
      this.library.setPlaces(overview.places);
      this.sync.progress = overview.sync;
      this.firstRun = overview.firstRun;
      this.status = 'ready';
      void this.articleStyle.load();
      void this.links.begin();
      if (overview.repaired && !this.#repairShown) {
        this.#repairShown = true;
        this.#showRepair(t('failed.repairedAutomatically'));
      }
    } catch (thrown) {
      this.failure = asFailure(thrown);
      this.status = 'failed';
    }
  }

  /** Rebuilds a damaged store, starts again, and reports what was recovered. */
  async repair(): Promise<void> {
    try {
      const report = await this.backend.repair();
      await this.start();
      const recovered = t('failed.repaired', {
        articles: t('count.articles', { count: report.articles }),
        feeds: t('failed.repairedFeeds', { count: report.feeds }),
      });
      const lost =
        report.withoutText > 0 ? t('failed.repairedWithout', { count: report.withoutText }) : '';
      const left = report.stillDamaged ? t('failed.repairedPartly') : '';
      this.#repairShown = true;
      this.#showRepair([recovered, lost, left].filter((part) => part !== '').join(' '));
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  #showRepair(text: string): void {
    const run = () => this.dialogs.open({ kind: 'repair' });
    this.toasts.show(text, { label: t('details'), run });
  }

  /** Once the reader has chosen feeds. */
  finishFirstRun(secrets: SecretsKept = 'none'): void {
    this.session.reportSecrets(secrets);
    this.firstRun = false;
    this.navigation.go({ kind: 'front' });
    this.refresh.placesSoon();
  }
}
