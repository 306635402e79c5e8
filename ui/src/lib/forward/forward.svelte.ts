// State of the forward dialog: the chosen channel, its draft, the reader's edits, and sending.

import { SvelteMap } from 'svelte/reactivity';

import {
  asFailure,
  type ArticleView,
  type Draft,
  type Failure,
  type ForwardRecord,
  type ShareChannel,
  type Subject,
} from '../backend';
import { t } from '../i18n/i18n.svelte';
import type { App } from '../state/app.svelte';
import { reasonText } from '../state/failures';
import { arranged, counted, isWhatsApp, takes } from './channels';
import { draftAction, mustWait } from './draftAction';
import { forwardFailureText } from './forwardFailure';

/** How long typing has to pause before the draft is composed again, in milliseconds. */
const PAUSE = 200;

export class ForwardState {
  readonly #app: App;
  /** What the dialog was opened for. */
  readonly whole: Subject;
  /** What was selected in the article when the dialog opened. */
  readonly selection: string;

  quoting = $state(false);
  channels = $state.raw<ShareChannel[]>([]);
  chosen = $state('');
  /** Index of the message if a digest needs several. */
  part = $state(0);
  article = $state.raw<ArticleView | null>(null);
  headline = $state('');
  publisher = $state('');
  sending = $state(false);
  /** Why the last attempt failed. */
  problem = $state('');

  #drafts = new SvelteMap<string, Draft>();
  #edits = new SvelteMap<string, string>();
  #failures = new SvelteMap<string, Failure>();
  /** The number of the latest request for each draft; earlier answers are dropped. */
  #requests = new Map<string, number>();
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App, subject: Subject, channel: string | undefined, selection: string) {
    this.#app = app;
    this.whole = subject;
    this.selection = selection;
    this.quoting = selection !== '';
    this.chosen = channel ?? '';
  }

  readonly subject = $derived.by<Subject>(() => {
    const { whole } = this;
    return this.quoting && whole.kind === 'article'
      ? { kind: 'quote', id: whole.id, text: this.selection }
      : whole;
  });
  /** Drafts and edits are kept apart by channel, message of a digest, and quote. */
  readonly #key = $derived(`${this.chosen} ${this.part} ${this.quoting}`);
  readonly groups = $derived(arranged(this.channels.filter((one) => takes(one, this.subject))));
  readonly channel = $derived(
    [...this.groups.first, ...this.groups.rest].find((one) => one.id === this.chosen),
  );
  readonly action = $derived(this.channel ? draftAction(this.channel) : null);
  readonly draft = $derived(this.#drafts.get(this.#key));
  readonly failure = $derived(this.#failures.get(this.#key));
  readonly edited = $derived(this.#edits.has(this.#key));
  readonly message = $derived(this.#edits.get(this.#key) ?? this.draft?.message ?? '');
  readonly count = $derived(this.channel ? counted(this.message, this.channel.unit) : 0);
  readonly tooLong = $derived(this.channel?.limit != null && this.count > this.channel.limit);
  readonly waits = $derived.by(() => {
    const { channel, draft } = this;
    return !!channel && !!draft && mustWait(channel, draft, this.#app.session.offline);
  });
  readonly ready = $derived(
    this.draft !== undefined &&
      !this.failure &&
      !this.tooLong &&
      !this.sending &&
      this.action !== 'showHere',
  );

  /** Chooses the channel to begin with and makes its draft. */
  async begin(): Promise<void> {
    const { backend, session } = this.#app;
    const [channels, settings] = await Promise.all([
      session.attempt(backend.shareChannels()),
      this.chosen === '' ? session.attempt(backend.forwarding()) : undefined,
    ]);
    this.channels = channels ?? [];
    if (this.chosen === '') this.chosen = settings?.lastChannel ?? '';
    if (!this.channel) {
      const { first, rest } = this.groups;
      this.chosen = (first[0] ?? rest[0])?.id ?? '';
    }
  }

  /** Loads what is forwarded, for the heading and the history. */
  async loadSubject(): Promise<void> {
    const { backend, reader } = this.#app;
    const { whole } = this;
    try {
      if (whole.kind === 'story') {
        const { story } = await backend.story(whole.id);
        this.headline = story.headline;
        this.publisher = t('count.publishers', { count: story.publishers.length });
      } else if (whole.kind === 'digest') {
        this.headline = t('count.articles', { count: whole.ids.length });
      } else {
        const open = reader.article;
        this.article = open?.row.id === whole.id ? open : await backend.article(whole.id);
        this.headline = this.article.row.title;
        this.publisher = this.article.publisher.name;
      }
    } catch {
      // Only the heading is missing; the draft reports what is wrong.
    }
  }

  async compose(): Promise<void> {
    const key = this.#key;
    const request = (this.#requests.get(key) ?? 0) + 1;
    this.#requests.set(key, request);
    const edit = this.#edits.get(key) ?? null;
    try {
      const draft = await this.#app.backend.draft(this.subject, this.chosen, edit, this.part);
      if (this.#requests.get(key) !== request) return;
      this.#drafts.set(key, draft);
      this.#failures.delete(key);
    } catch (thrown) {
      if (this.#requests.get(key) === request) this.#failures.set(key, asFailure(thrown));
    }
  }

  choose(channel: string): void {
    this.chosen = channel;
    this.part = 0;
    this.problem = '';
    void this.compose();
  }

  showPart(part: number): void {
    this.part = part;
    void this.compose();
  }

  toggleQuote(): void {
    this.quoting = !this.quoting;
    void this.compose();
  }

  edit(text: string): void {
    this.#edits.set(this.#key, text);
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.compose(), PAUSE);
  }

  /** Drops the reader's edits. */
  restore(): void {
    this.#edits.delete(this.#key);
    void this.compose();
  }

  /** Cancels the draft that typing has scheduled. */
  stop(): void {
    clearTimeout(this.#pause);
  }

  /** Sends the message, or leaves it in the outbox; whether everything is sent now. */
  async send(wait: boolean): Promise<boolean> {
    const { channel, draft } = this;
    if (!this.ready || !channel || !draft) return false;
    const { backend, refresh, reader, toasts } = this.#app;
    this.sending = true;
    this.problem = '';
    let record: ForwardRecord;
    try {
      record = await backend.forward({
        subject: this.subject,
        channel: channel.id,
        message: channel.hasMessage ? this.message : null,
        wait,
        part: this.part,
      });
    } catch (thrown) {
      this.problem = forwardFailureText(asFailure(thrown));
      return false;
    } finally {
      this.sending = false;
    }
    void refresh.reloadPlaces();
    reader.addForward(record);
    if (this.part + 1 < draft.parts) {
      toasts.show(t('share.partSent', { part: this.part + 1, parts: draft.parts }));
      this.showPart(this.part + 1);
      return false;
    }
    this.#report(record, channel);
    return true;
  }

  #report(record: ForwardRecord, { name, means }: ShareChannel): void {
    const { toasts, session, dialogs } = this.#app;
    if (record.state === 'waiting') {
      toasts.show(waitingText(record, name), {
        label: t('forward.seeOutbox'),
        run: () => dialogs.open({ kind: 'outbox' }),
      });
    } else if (record.byItself) {
      toasts.show(t('share.saved', { channel: name }));
    } else if (openedInBrowser(record) && !session.settings.whatsappInBrowser) {
      // The engine has stored that the WhatsApp app is missing.
      session.settings = { ...session.settings, whatsappInBrowser: true };
      toasts.show(t('share.webRemembered'));
    } else if (means === 'system') {
      toasts.show(t('share.sheetOpened'));
    } else {
      toasts.show(t(`forward.done.${record.state}`, { channel: name }));
    }
  }
}

/** Whether WhatsApp opened in the browser although its app was asked for. */
function openedInBrowser({ channel, target }: ForwardRecord): boolean {
  const forApp = isWhatsApp(channel) && channel !== 'whatsapp-channel';
  return forApp && target?.startsWith('https:') === true;
}

function waitingText({ problem }: ForwardRecord, channel: string): string {
  if (problem === null) return t('forward.done.waiting', { channel });
  if (problem === 'signIn') return t('outbox.problem.signIn', { channel });
  return t('share.savedLater', { channel, why: reasonText(problem) });
}
