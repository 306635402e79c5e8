import { asFailure, type Failure } from '../backend';
import { failureText } from './failures';

/** A form's request: whether it is running, and why it failed. */
export class Work {
  busy = $state(false);
  problem = $state('');
  readonly #describe: (failure: Failure) => string;

  constructor(describe = failureText) {
    this.#describe = describe;
  }

  /** Runs it; on failure the result is `undefined` and `problem` holds the reason. */
  async do<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.busy = true;
    this.problem = '';
    try {
      return await work();
    } catch (thrown) {
      this.problem = this.#describe(asFailure(thrown));
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
