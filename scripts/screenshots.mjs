/** `node scripts/screenshots.mjs`: takes the pictures of the dashboard in docs/images from a real server, in four minutes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { browserEnvironment } from './browser/browser.mjs';
import { startSampleServer } from './screenshots/sample-server.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { say } from './setup/progress.mjs';
import { inProject } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';

/** @typedef {import('playwright-core').Page} Page */

const WINDOW = { width: 1280, height: 800 };

readCommandLine({
  usage: `node scripts/screenshots.mjs

Takes the pictures of the dashboard in docs/images from a real server with functions that are called, in four minutes.`,
});

/** @type {readonly { file: string, theme: 'light' | 'dark', take: (page: Page) => Promise<void> }[]} */
const PICTURES = [
  {
    file: 'overview',
    theme: 'light',
    take: async (page) => {
      await page.goto('/ui');
      await page.getByRole('heading', { name: 'Busiest functions' }).waitFor();
    },
  },
  {
    file: 'functions',
    theme: 'light',
    take: async (page) => {
      await page.goto('/ui/functions');
      await page.getByRole('row', { name: /thumbnails/ }).waitFor();
    },
  },
  {
    file: 'call',
    theme: 'dark',
    take: async (page) => {
      await page.goto('/ui/functions/orders/call');
      await page.getByLabel('Path and query').fill('/orders/1042');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByText(/^It ran in a /).waitFor();
    },
  },
  {
    file: 'log',
    theme: 'dark',
    take: async (page) => {
      await page.goto('/ui/functions/orders/log');
      await page.getByText('looking up order').nth(10).waitFor();
    },
  },
  {
    file: 'system',
    theme: 'light',
    take: async (page) => {
      await page.goto('/ui/system');
      await page.getByRole('row', { name: /payment/ }).waitFor();
    },
  },
];

await runScript(async () => {
  const { TEST_BROWSER: executablePath } = await browserEnvironment();
  const server = await startSampleServer();
  try {
    say('Functions are called until their plots show an hour ...');
    await server.traffic;
    await mkdir(inProject('docs/images'), { recursive: true });
    const browser = await chromium.launch({
      ...(executablePath && { executablePath }),
      chromiumSandbox: false,
    });
    for (const { file, theme, take } of PICTURES) {
      const context = await browser.newContext({
        baseURL: server.url,
        viewport: WINDOW,
        colorScheme: theme,
        reducedMotion: 'reduce',
      });
      await context.request.post('/session', { data: { key: server.key } });
      const page = await context.newPage();
      await take(page);
      await page.evaluate('document.activeElement.blur()');
      await writeFile(inProject(`docs/images/${file}.png`), await page.screenshot());
      await context.close();
      say(`docs/images/${file}.png`);
    }
    await browser.close();
  } finally {
    await server.stop();
  }
  return 0;
});
