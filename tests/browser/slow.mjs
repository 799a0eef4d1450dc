// A slow network, and a tab that nobody looks at.

import { test } from './harness.mjs';
import { demand, heading, listed, same } from './stage.mjs';

/** Of all that is shown, how much may move by itself: good is what is below 0.1. */
const SHIFT_AT_MOST = 0.05;

test('on_a_slow_network_nothing_jumps', async (stage) => {
  const page = await stage.ada.newPage();
  stage.watch(page);
  const devtools = await stage.ada.newCDPSession(page);
  await devtools.send('Network.enable');
  const bytes = 100 * 1024;
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 300, downloadThroughput: bytes, uploadThroughput: bytes });
  await page.addInitScript(() => {
    window.shifted = [];
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) {
        if (!it.hadRecentInput) window.shifted.push([it.value, it.sources.map((of) => of.node?.outerHTML?.slice(0, 80)).join(' | ')]);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const settled = async (what) => {
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const shifted = await page.evaluate(() => window.shifted.splice(0));
    const sum = shifted.reduce((all, [value]) => all + value, 0);
    demand(sum < SHIFT_AT_MOST, `${what} moves by ${sum.toFixed(3)}: ${JSON.stringify(shifted)}`);
  };
  await page.goto(`${stage.api}/console/`);
  await listed(page, 'completed');
  await settled('the list');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('group', { name: 'What you can do' }).waitFor();
  await heading(page, 'What has happened').waitFor();
  await settled('an import');
  await page.goto(`${stage.api}/console/#/data/baseline`);
  await page.locator('canvas').waitFor();
  await page.getByText(/rows$/).first().waitFor();
  await settled('rows');
  await page.close();
});

test('a_tab_that_nobody_sees_asks_for_nothing', async (stage) => {
  const page = await stage.ada.newPage();
  stage.watch(page);
  await page.clock.install();
  const asked = [];
  page.on('request', (request) => {
    if (request.url().includes('/collect/imports/')) asked.push(request.url());
  });
  await page.goto(`${stage.api}/console/`);
  await listed(page, 'completed');
  const become = (hidden) =>
    page.evaluate((it) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => it });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await become(true);
  const before = asked.length;
  await page.clock.fastForward(10 * 60_000);
  same(asked.length, before, 'requests while it is hidden');
  const again = page.waitForRequest((request) => request.url().includes('/collect/imports/'));
  await become(false);
  await again;
  await page.close();
});
