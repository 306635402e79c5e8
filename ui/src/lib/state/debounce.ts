/** Runs each named task once after a delay, however often it is asked for meanwhile. */
export class Debounce {
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Does nothing where a task of that name is waiting already. `delay` in milliseconds. */
  schedule(name: string, delay: number, task: () => Promise<void>): void {
    if (this.#timers.has(name)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      void task();
    }, delay);
    this.#timers.set(name, timer);
  }
}
