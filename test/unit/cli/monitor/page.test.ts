import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';

import { type HttpServer, serveHttp } from '../../../../cli/monitor/http-server.ts';
import { PageFeed } from '../../../../cli/monitor/page-feed.ts';
import type { PageState } from '../../../../cli/monitor/page-state.ts';
import { readPage } from '../../../../cli/monitor/read-page.ts';
import { stageNames } from '../../../../consumers/load.ts';
import { exampleAccounts, examplePageState, hostileName } from '../../../support/example-page-state.ts';
import { startBrowser } from '../../../support/find-browser.ts';

let state: PageState = examplePageState();
const feed = new PageFeed(() => state);
const scopes = [
  { scope: '222222222222/eu-west-1/ec2:vpc', outcome: 'complete', reason: null, ageSeconds: 60 },
  { scope: '222222222222/global/iam', outcome: 'denied', reason: '<b>no</b>', ageSeconds: 60 },
];
let server: HttpServer;
let browser: Browser | undefined;
let noBrowser = '';
let page: Page;
const complaints: string[] = [];

before(async () => {
  const started = await startBrowser();
  if (typeof started === 'string') noBrowser = started;
  else browser = started;
  if (browser === undefined) return;
  server = await serveHttp(
    { host: '127.0.0.1', port: 0 },
    {
      ...(await readPage()),
      ...feed.routes,
      '/api/scopes': () => ({ contentType: 'application/json', body: JSON.stringify(scopes) }),
    },
  );
  page = await browser.newPage({ viewport: { width: 1200, height: 1200 } });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.url);
  await page.getByText('The graph is behind the log.').waitFor();
});
after(async () => {
  await browser?.close();
  feed.close();
  await server?.close();
});

/** A test that is skipped, and says so, where there is no browser. */
function pageTest(name: string, body: () => Promise<void>): void {
  test(name, async (context) => {
    if (browser === undefined) context.skip(noBrowser);
    else await body();
  });
}

test('the example has every stage', () => {
  assert.deepEqual(
    examplePageState().graph!.stages.map(({ stage }) => stage),
    stageNames,
  );
});

pageTest('the status page shows the organization as a tree, with what is known of each account', async () => {
  const tree = page.locator('#tree');
  const unit = tree.locator('details', { has: page.locator('> summary', { hasText: 'Workloads' }) }).last();
  assert.equal(await unit.locator('> .children > details').count(), 1);
  assert.match(await tree.innerText(), /o-exampleorgid[\s\S]*Root[\s\S]*management[\s\S]*Workloads[\s\S]*Sandbox/);
  assert.match(
    await tree.innerText(),
    /management\s+111111111111\s+70 complete\s+4 unsupported\s+graph as of 4 min ago/,
  );
  assert.match(await tree.innerText(), /never read\s+555555555555\s+not read/);
  assert.match(
    await tree.innerText(),
    /no organization\s+444444444444\s+63 complete\s+2 unsupported\s+not applied yet/,
  );
  await screenshot('light');
});

pageTest('runs, stages with what their gates wait for, dead letters and open scopes are there', async () => {
  const text = await page.locator('main').innerText();
  assert.match(text, /links\s+4,210\s+222222222222: for its marker of run 1795597200 or a later one/);
  assert.match(text, /until links reaches 9,120 of cartography\.aws\.assets\/3 \(now 4,910\)/);
  assert.match(text, /analysis\s+0\s+111111111111: until its scopes are cleaned/);
  assert.match(text, /1795597200\s+loading\s+2 min\s+4\/4\s+271 complete, 3 denied, 1 failed, 12 unsupported/);
  assert.match(text, /2 dead letters/);
  assert.match(text, /222222222222\/global\/iam\s+denied\s+2 min\s+AccessDenied/);
});

pageTest('what AWS names things is text and nothing else', async () => {
  assert.ok((await page.locator('#tree').innerText()).includes(hostileName));
  assert.equal(await page.locator('#tree img, #tree b, #open-scopes i').count(), 0);
  assert.equal(await page.title(), 'cartography-stream');
});

pageTest('it works with the keyboard: an account is reached and opened, and shows its open scopes first', async () => {
  for (let press = 0; press < 20 && !(await isFocused(exampleAccounts[1])); press++) await page.keyboard.press('Tab');
  assert.ok(await isFocused(exampleAccounts[1]));
  assert.equal(await focused('getComputedStyle(element).outlineStyle'), 'solid');

  await page.keyboard.press('Enter');
  const rows = page.locator('#tree tbody tr');
  await rows.first().waitFor();
  assert.deepEqual(await rows.locator('td:first-child').allInnerTexts(), ['global/iam', 'eu-west-1/ec2:vpc']);
  assert.equal(await rows.locator('b').count(), 0);
});

pageTest('it is live, and keeps focus and what is opened', async () => {
  state = examplePageState();
  state.graph!.caughtUp = true;
  state.graph!.accounts[1]!.outcomes = { complete: 74 };
  feed.changed();
  await page.getByText('The graph has all that is in the log.').waitFor();

  await page.locator('#tree').getByText('74 complete').waitFor();
  assert.ok(await isFocused(exampleAccounts[1]));
  assert.equal(await focused('element.parentElement.open'), true);
});

pageTest('in dark mode text stands out from its ground', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const contrasts = await page.evaluate<{ text: string; ratio: number }[]>(measureContrasts);
  assert.ok(contrasts.length > 20);
  // WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum
  assert.deepEqual(
    contrasts.filter(({ ratio }) => ratio < 4.5),
    [],
  );
  await screenshot('dark');
});

pageTest('a run that only collects shows how far it is', async () => {
  state = {
    ...examplePageState(),
    command: 'collect',
    graph: null,
    collecting: { accounts: 3, accountsDone: 1, scopes: 120, scopesDone: 40, records: 1_234, recordsPerSecond: 56 },
  };
  feed.changed();
  await page.getByText('1 of 3 accounts, 40 of 120 scopes of those that have begun, 1,234 records, 56/s').waitFor();
  assert.ok(!(await page.locator('#organization').isVisible()));
});

pageTest('the browser had nothing to complain about', async () => {
  assert.deepEqual(complaints, []);
});

/** A property of what has the focus, as the page sees it. */
async function focused(expression: string): Promise<unknown> {
  return page.evaluate(`((element) => ${expression})(document.activeElement)`);
}

async function isFocused(id: string): Promise<boolean> {
  return String(await focused("element.tagName === 'SUMMARY' && element.textContent")).includes(id);
}

/** Runs in the page. WCAG's contrast ratio of each piece of text: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
const measureContrasts = `(() => {
  const luminance = (color) => {
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map((part) => Number(part) / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = luminance(getComputedStyle(document.querySelector('section')).backgroundColor);
  return [...document.querySelectorAll('section span, section td, section th')].map((element) => {
    const text = luminance(getComputedStyle(element).color);
    return { text: element.textContent, ratio: (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05) };
  });
})()`;

/** PAGE_SCREENSHOTS=<folder> keeps pictures, to be looked at. */
async function screenshot(name: string): Promise<void> {
  const folder = process.env['PAGE_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/status-${name}.png`, fullPage: true });
}
