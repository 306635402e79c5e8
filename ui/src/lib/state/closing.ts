// What happens when the window is closed while Warta goes on in the background: what is pending is stored, and
// the page is given up unless it has something in hand.

import type { Aloud } from './aloud.svelte';
import type { Dialogs } from './dialogs.svelte';
import type { PlaceMemory } from './places.svelte';
import type { Player } from './player.svelte';
import { PASSED_DELAY } from './scrolling';
import type { Session } from './session.svelte';

interface Parts {
  session: Session;
  dialogs: Dialogs;
  memory: PlaceMemory;
  player: Player;
  aloud: Aloud;
  firstRun: boolean;
}

export class Closing {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** An open dialog may hold unsaved text, and what is playing goes on. */
  get busy(): boolean {
    const { dialogs, player, aloud, firstRun } = this.#parts;
    const speaks = aloud.status === 'reading' || aloud.status === 'starting';
    return firstRun || dialogs.current !== null || !player.paused || speaks;
  }

  /** Waits until rows that were scrolled past are marked. */
  async #marked(): Promise<void> {
    if (!this.#parts.session.settings.markReadOnScroll) return;
    await new Promise((resolve) => setTimeout(resolve, PASSED_DELAY + 50));
  }

  /** Stores what is pending and answers the shell. */
  async finish(turn: number): Promise<void> {
    const { session, memory, player } = this.#parts;
    memory.write();
    player.notePause();
    await this.#marked();
    await session.settled();
    await session.attempt(session.backend.finishClosing(turn, !this.busy));
  }
}
