// The reader's own style sheet for article text. The engine has made it safe: its rules match nothing but
// `.own-style`, and fetch nothing.

import type { ArticleStyle } from '../backend';
import type { Session } from './session.svelte';

export class ArticleStyleState {
  readonly #session: Session;
  #sheet: CSSStyleSheet | null = null;

  /** The sheet in use; without one its length is 0. */
  kept = $state.raw<ArticleStyle>({ bytes: 0, css: '', leftOut: [], more: 0 });

  constructor(session: Session) {
    this.#session = session;
  }

  async load(): Promise<void> {
    const style = await this.#session.attempt(this.#session.backend.articleStyle());
    if (style) this.#use(style);
  }

  /** Keeps and uses a sheet; an empty one removes the one before. Throws where it is refused. */
  async set(css: string): Promise<void> {
    this.#use(await this.#session.backend.setArticleStyle(css));
  }

  #use(style: ArticleStyle): void {
    this.kept = style;
    if (style.css === '' && !this.#sheet) return;
    if (!this.#sheet) {
      this.#sheet = new CSSStyleSheet();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    }
    this.#sheet.replaceSync(style.css);
  }
}
