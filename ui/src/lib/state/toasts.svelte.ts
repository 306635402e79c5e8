// Short notes at the window's foot, some of which can be taken back.

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void; undoes?: boolean };
  /** Where it was shown first. */
  host?: symbol | undefined;
}

/** Long enough to read and to reach the button, in milliseconds. */
const STAYS = 8000;

export class Toasts {
  shown = $state<Toast[]>([]);
  #hosts = $state.raw<readonly symbol[]>([]);
  #undoable: Toast | undefined;
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Takes back what was last offered to be taken back, also after its note has gone. */
  undo(): void {
    if (this.#undoable) this.act(this.#undoable);
  }

  /** Does what a note offers, once. */
  act(toast: Toast): void {
    this.dismiss(toast.id);
    if (toast.id === this.#undoable?.id) this.#undoable = undefined;
    toast.action?.run();
  }

  /** What shows here: what began here, and on the topmost what began where nothing is any more. */
  at(host: symbol): Toast[] {
    const left = (toast: Toast) => toast.host === undefined || !this.#hosts.includes(toast.host);
    return this.shown.filter((toast) => toast.host === host || (this.host === host && left(toast)));
  }

  /** Where they show: in the dialog that opened last, since it makes inert what lies behind it. */
  get host(): symbol | undefined {
    return this.#hosts.at(-1);
  }

  /** Shows them here, until the result is called. */
  enter(host: symbol): () => void {
    this.#hosts = [...this.#hosts, host];
    return () => {
      this.#hosts = this.#hosts.filter((one) => one !== host);
    };
  }

  show(text: string, action?: Toast['action']): number {
    const id = this.#next++;
    // Two at most: older ones have been read or never will be.
    for (const old of this.shown.slice(0, Math.max(0, this.shown.length - 1))) this.dismiss(old.id);
    const { host } = this;
    const toast = action ? { id, text, action, host } : { id, text, host };
    this.shown.push(toast);
    if (action?.undoes) this.#undoable = toast;
    this.resume(id);
    return id;
  }

  /** Holds a note while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  resume(id: number): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), STAYS),
    );
  }

  dismiss(id: number): void {
    this.hold(id);
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}
