// Answers of the engine to requests that overlap. Commands run side by side, so an answer may arrive
// after the one to a later request, or after an event that says something newer.

export class Answers<T> {
  #asked = 0;
  /** The latest request that was answered. */
  #answered = 0;
  #underWay = 0;
  /** What events changed since the first of the requests under way. */
  #changes: ((value: T) => T)[] = [];

  /**
   * Waits for the answer and applies to it what events changed meanwhile. `undefined` if a later
   * request was answered first. A failure is passed on in the same way.
   */
  async of(request: Promise<T>): Promise<T | undefined> {
    const asked = ++this.#asked;
    const first = this.#changes.length;
    this.#underWay++;
    try {
      const answer = await request;
      if (asked < this.#answered) return undefined;
      this.#answered = asked;
      return this.#changes.slice(first).reduce<T>((value, change) => change(value), answer);
    } catch (thrown) {
      if (asked < this.#answered) return undefined;
      throw thrown;
    } finally {
      if (--this.#underWay === 0) this.#changes = [];
    }
  }

  /** An event changed the value: answers to requests under way may be older. */
  note(change: (value: T) => T): void {
    if (this.#underWay > 0) this.#changes.push(change);
  }
}
