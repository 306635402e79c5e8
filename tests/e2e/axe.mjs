// Runs axe in the real app: all its rules in the light theme, its contrasts in every theme.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { until } from './harness.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** As `ui/src/lib/state/theme.svelte.ts` names them. */
const THEMES = ['light', 'dark', 'sepia', 'contrast', 'contrast-dark'];
/** Movement shows colours that do not last. */
const STILL = '*, *::before, *::after { transition: none !important; animation: none !important; }';

/** Puts axe into the app's page, once that has the given status. */
export async function addAxe(app, status = 'ready') {
  await until('the page is there', () => app.browser.execute((wanted) => document.querySelector('[data-testid="app"]')?.dataset.status === wanted, status));
  await app.browser.execute(`${AXE}
    const still = document.createElement('style');
    still.textContent = '${STILL}';
    document.head.append(still);`);
}

/** All that axe finds wrong in what a selector finds. */
async function audit(app, selector = 'body') {
  const found = [];
  for (const theme of THEMES) {
    const violations = await app.browser.executeAsync(
      (wanted, shown, all, done) => {
        document.documentElement.dataset.theme = shown;
        const options = all ? {} : { runOnly: ['color-contrast'] };
        const named = ({ id, nodes }) => ({
          id,
          nodes: nodes.slice(0, 4).map(({ html, any, all: each, none }) => `${html.slice(0, 200)} ${[...any, ...each, ...none][0]?.message ?? ''}`),
        });
        requestAnimationFrame(async () => {
          try {
            const { violations: wrong } = await window.axe.run(document.querySelector(wanted), { ...options, resultTypes: ['violations'] });
            done(wrong.map(named));
          } catch (error) {
            done([{ id: String(error), nodes: [wanted] }]);
          }
        });
      },
      selector,
      theme,
      theme === THEMES[0],
    );
    found.push(...violations.map((one) => ({ theme, ...one })));
  }
  return found;
}

/** Fails if axe finds anything wrong in what a selector finds. */
export async function assertSound(app, selector) {
  assert.deepEqual(await audit(app, selector), [], 'axe finds nothing');
}
