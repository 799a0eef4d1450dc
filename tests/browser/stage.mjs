// What the tests work with: a browser with one user's window, and eyes for what goes wrong in it.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launch } from './chromium.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How each view is looked at. */
const LOOKS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 360, height: 740 } },
];

/** Milliseconds that anything may take; an import of the largest file here is done in a quarter of it. */
const PATIENCE = 60_000;

export class Stage {
  /** What went wrong in pages since the test began, whatever it looks for itself. */
  complaints = [];

  static async open({ api, chromium, pictures, names }) {
    const stage = new Stage();
    stage.api = api;
    stage.pictures = pictures;
    mkdirSync(pictures, { recursive: true });
    stage.browser = await launch(chromium, names);
    stage.ada = await stage.visitor();
    return stage;
  }

  close() {
    return this.browser.close();
  }

  /** A browser of its own: another visitor. The zone is one that is not the machine's. */
  async visitor() {
    const context = await this.browser.newContext({
      viewport: LOOKS[0].viewport,
      locale: 'en-US',
      timezoneId: 'America/New_York',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI || 'something inline'}`),
      );
    });
    return context;
  }

  /** A page of the console. */
  async page(visitor, place = '') {
    const page = await visitor.newPage();
    this.watch(page);
    await page.goto(`${this.api}/console/${place}`);
    return page;
  }

  /** From now on whatever the page complains of fails the test. */
  watch(page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on('pageerror', (error) => this.complaints.push(`page: ${error.stack ?? error}`));
  }

  /**
   * Looks at a view in light, in dark and on a telephone: pictures of it, axe, nothing too wide. What
   * is `shown` in the README is a picture of the window, too.
   */
  async look(page, name, { shown } = {}) {
    for (const look of LOOKS) {
      await page.setViewportSize(look.viewport);
      await page.emulateMedia({ colorScheme: look.colorScheme });
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (tooWide > 0) this.complaints.push(`${name}, ${look.name}: ${tooWide} pixels wider than the window`);
      await page.screenshot({ path: this.#picture(`${name}-${look.name}`), fullPage: true });
      if (shown === look.name) await page.screenshot({ path: this.#picture(`shown-${name}-${look.name}`) });
      for (const found of await violations(page)) this.complaints.push(`${name}, ${look.name}: axe: ${found}`);
    }
    await page.setViewportSize(LOOKS[0].viewport);
    await page.emulateMedia({ colorScheme: 'light' });
  }

  /** After a failure: what was to be seen, and nothing left open. */
  async leave(name) {
    const pages = this.browser.contexts().flatMap((it) => it.pages());
    for (const [n, page] of pages.entries()) {
      await page.screenshot({ path: this.#picture(`failed-${name}-${n}`) });
      await page.close();
    }
  }

  #picture(name) {
    return join(this.pictures, `${name}.png`);
  }
}

async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    const place = (node) => `${node.target.join(' ')} ${node.any[0]?.message ?? node.failureSummary}`;
    return violations.map((it) => `${it.id}: ${it.nodes.slice(0, 3).map(place).join(' | ')}`);
  });
}

/** Fails with these words if it does not hold. */
export function demand(holds, words) {
  if (!holds) throw new Error(words);
}

/** Both are equal, or the test fails. */
export function same(found, expected, what) {
  const [a, b] = [found, expected].map((it) => JSON.stringify(it));
  demand(a === b, `${what}: found ${a}, expected ${b}`);
}

export const button = (within, name, exact = true) => within.getByRole('button', { name, exact });
export const link = (within, name, exact = true) => within.getByRole('link', { name, exact });
export const heading = (within, name) => within.getByRole('heading', { name });

/** The state that an import or export is shown in, below its title. */
export async function reaches(page, state) {
  await page.locator('main .state', { hasText: new RegExp(`^${state}$`) }).first().waitFor();
}

/** The list shows something in this state. */
export async function listed(page, state) {
  await page.locator('tbody td .state', { hasText: new RegExp(`^${state}$`) }).first().waitFor();
}
