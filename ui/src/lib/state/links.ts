// What the app is opened with from outside: links of websites and other apps, OPML files.

import type { LinkTarget } from '../backend';
import { t } from '../i18n/i18n.svelte';
import type { Actions } from './actions.svelte';
import type { Dialogs } from './dialogs.svelte';
import { importedText } from './importing.svelte';
import type { Navigation } from './navigation.svelte';
import type { Reader } from './reader.svelte';
import type { Refresh } from './refresh.svelte';
import type { Session } from './session.svelte';
import type { Toasts } from './toasts.svelte';

interface Parts {
  session: Session;
  dialogs: Dialogs;
  navigation: Navigation;
  reader: Reader;
  actions: Actions;
  refresh: Refresh;
  toasts: Toasts;
  firstRun: boolean;
  finishFirstRun: () => void;
}

export class Links {
  readonly #parts: Parts;
  #listening = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Does what the links so far ask for, and from now on what later ones do. */
  async begin(): Promise<void> {
    const { backend } = this.#parts.session;
    if (!this.#listening) {
      this.#listening = true;
      await backend.listenToLinks(() => void this.follow());
    }
    await this.follow();
  }

  async follow(): Promise<void> {
    const { session } = this.#parts;
    const targets = (await session.attempt(session.backend.takeLinks())) ?? [];
    for (const target of targets) await this.#open(target);
  }

  async #open(target: LinkTarget): Promise<void> {
    const { session, dialogs, navigation, reader, actions, refresh, toasts } = this.#parts;
    switch (target.kind) {
      case 'subscribe': {
        const { address, ask } = target;
        dialogs.closeAll();
        dialogs.open({ kind: 'addFeed', address, ask });
        break;
      }
      case 'save':
        await actions.savePage(target.address);
        this.#leaveFirstRun();
        break;
      case 'article':
        this.#toFront();
        if (!this.#parts.firstRun) await reader.open(target.id);
        break;
      case 'story':
        this.#toFront();
        if (!this.#parts.firstRun) navigation.enter({ kind: 'story', id: target.id });
        break;
      case 'frontPage':
        this.#toFront();
        break;
      case 'dialog':
        if (this.#parts.firstRun) break;
        dialogs.closeAll();
        dialogs.open({ kind: target.dialog });
        break;
      case 'keptRunning':
        toasts.show(t('background.kept'));
        break;
      case 'softwareRendering':
        toasts.show(t('help.softwareRendering'));
        break;
      case 'share':
        dialogs.closeAll();
        dialogs.open({ kind: 'original', text: target.text });
        break;
      case 'opml': {
        const report = await session.attempt(session.backend.importOpenedOpml());
        if (!report) break;
        this.#leaveFirstRun();
        void refresh.reloadAll();
        toasts.show(importedText(target.name, report));
        break;
      }
    }
  }

  #toFront(): void {
    const { dialogs, navigation, firstRun } = this.#parts;
    dialogs.closeAll();
    if (!firstRun) navigation.go({ kind: 'front' });
  }

  #leaveFirstRun(): void {
    if (this.#parts.firstRun) this.#parts.finishFirstRun();
  }
}
