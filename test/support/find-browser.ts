import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names, else one that is installed, else, on Linux, the one that
 * the package @sparticuz/chromium carries. A text says why there is none.
 */
export async function startBrowser(): Promise<Browser | string> {
  const named = process.env['CHROMIUM_PATH'];
  const found = named ?? installed.find((file) => existsSync(file));
  if (found !== undefined) return launch(found, ['--no-sandbox', '--disable-gpu']);
  if (process.platform !== 'linux') return `there is no Chromium at ${installed.join(', ')}: set CHROMIUM_PATH to one`;
  const { default: carried } = await import('@sparticuz/chromium');
  try {
    return await launch(await carried.executablePath(), carried.args);
  } catch (error) {
    return `the Chromium of @sparticuz/chromium does not start (${String(error).split('\n', 1)[0]}): set CHROMIUM_PATH to another one`;
  }
}

function launch(executablePath: string, args: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // Nothing that it would fetch by itself can be reached, or should be.
    args: [
      ...args,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
    headless: true,
    env: { ...process.env, HOME: path.join(os.tmpdir()) },
  });
}
