import { asFailure, type Failure } from '../backend';
import { failureText } from './failures';

/** What a form asks for: whether it is under way, and why it failed. */
export class Work {
  busy = $state(false);
  problem = $state('');
  readonly #say: (failure: Failure) => string;

  constructor(say = failureText) {
    this.#say = say;
  }

  /** Does it and gives what came of it; where it fails, nothing, and `problem` says why. */
  async do<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.busy = true;
    this.problem = '';
    try {
      return await work();
    } catch (thrown) {
      this.problem = this.#say(asFailure(thrown));
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
