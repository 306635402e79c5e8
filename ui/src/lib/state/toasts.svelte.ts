// Short messages at the window's bottom, some with an undo button.

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void; undoes?: boolean };
  /** The host (window or dialog) where it was first shown. */
  host?: symbol | undefined;
}

/** How long a toast is shown, in milliseconds: time to read it and reach its button. */
const STAYS = 8000;

export class Toasts {
  shown = $state<Toast[]>([]);
  #hosts = $state.raw<readonly symbol[]>([]);
  #undoable: Toast | undefined;
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Runs the undo action offered last, even if its toast has disappeared. */
  undo(): void {
    if (this.#undoable) this.act(this.#undoable);
  }

  /** Runs a toast's action, at most once. */
  act(toast: Toast): void {
    this.dismiss(toast.id);
    if (toast.id === this.#undoable?.id) this.#undoable = undefined;
    toast.action?.run();
  }

  /** The toasts of a host. The topmost host also shows those whose own host is closed. */
  at(host: symbol): Toast[] {
    const left = (toast: Toast) => toast.host === undefined || !this.#hosts.includes(toast.host);
    return this.shown.filter((toast) => toast.host === host || (this.host === host && left(toast)));
  }

  /** The topmost host: the dialog opened last, since everything behind it is inert. */
  get host(): symbol | undefined {
    return this.#hosts.at(-1);
  }

  /** Adds a host; the returned function removes it. */
  enter(host: symbol): () => void {
    this.#hosts = [...this.#hosts, host];
    return () => {
      this.#hosts = this.#hosts.filter((one) => one !== host);
    };
  }

  show(text: string, action?: Toast['action']): number {
    const id = this.#next++;
    // Show at most two.
    for (const old of this.shown.slice(0, Math.max(0, this.shown.length - 1))) this.dismiss(old.id);
    const { host } = this;
    const toast = action ? { id, text, action, host } : { id, text, host };
    this.shown.push(toast);
    if (action?.undoes) this.#undoable = toast;
    this.resume(id);
    return id;
  }

  /** Keeps a toast while the pointer or the focus is on it. */
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
