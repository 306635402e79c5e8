// Opening the forward dialog, copying a link, and asking about the outbox once online again.

import type { Subject } from '../backend';
import { t } from '../i18n/i18n.svelte';
import type { Dialogs } from './dialogs.svelte';
import type { Navigation } from './navigation.svelte';
import type { Reader } from './reader.svelte';
import type { Session } from './session.svelte';
import type { Toasts } from './toasts.svelte';

interface Parts {
  session: Session;
  dialogs: Dialogs;
  toasts: Toasts;
  reader: Reader;
  navigation: Navigation;
}

export class Forwarding {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Opens the dialog, by default for the current article or story and the channel used last. */
  start(subject = this.#subject(), channel?: string): void {
    if (!subject) return;
    const request = { kind: 'forward' as const, subject };
    this.#parts.dialogs.open(channel === undefined ? request : { ...request, channel });
  }

  /** Copies the link without a dialog; the article's history records it. */
  async copyLink(): Promise<void> {
    const { session, dialogs, toasts, reader } = this.#parts;
    const subject = this.#subject();
    if (!subject || subject.kind === 'digest') return;
    dialogs.closeAll();
    const request = { subject, channel: 'copy-link', message: null, wait: false, part: 0 };
    const record = await session.attempt(session.backend.forward(request));
    if (!record) return;
    toasts.show(t('article.copied'));
    reader.addForward(record);
  }

  /** Shows the outbox if something in it needs the reader to send it. */
  async askAboutOutbox(): Promise<void> {
    const { session, dialogs, toasts } = this.#parts;
    const waiting = (await session.attempt(session.backend.outbox())) ?? [];
    const count = waiting.filter((forward) => !forward.byItself).length;
    if (count === 0 || session.offline) return;
    const open = () => dialogs.open({ kind: 'outbox' });
    if (dialogs.current === null) open();
    else if (dialogs.current.kind !== 'outbox')
      toasts.show(t('outbox.ask', { count }), { label: t('outbox.askSee'), run: open });
  }

  /** What the forward dialog shows if it is open, else the current article, else the story. */
  #subject(): Subject | null {
    const { dialogs, navigation } = this.#parts;
    if (dialogs.current?.kind === 'forward') return dialogs.current.subject;
    const row = navigation.current;
    if (row) return { kind: 'article', id: row.id };
    const { view } = navigation;
    return view.kind === 'story' ? { kind: 'story', id: view.id } : null;
  }
}
