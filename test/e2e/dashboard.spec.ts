import { jest } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import {
  accessibilityProblems,
  type PageOptions,
  signIn,
  TestBrowser,
  type Visit,
} from '../support/browser.js';
import { Client } from '../support/client.js';
import { firstKeyOf } from '../support/first-key.js';
import { patientlyMs, Served } from '../support/served.js';
import { zipOf } from '../support/zip.js';

jest.setTimeout(patientlyMs);

let served: Served;
let browser: TestBrowser;
let folder: string;
beforeAll(async () => {
  [served, browser, folder] = await Promise.all([
    Served.start({ GLAMBDAR_MANAGEMENT_PER_SECOND: '0' }),
    TestBrowser.start(),
    mkdtemp(join(tmpdir(), 'gl-code-')),
  ]);
}, patientlyMs);
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
  await served.expectCleanEnd();
}, patientlyMs);

/** A folder of code, as somebody has it on their desk. */
async function codeFolder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(path, file, '..'), { recursive: true });
    await writeFile(join(path, file), text);
  }
  return path;
}

/** Chooses a folder or file in the browser's dialog, as the button of this name opens it. */
async function choose(page: Page, button: string, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(path);
}

/** What has the keyboard. */
const focused = (page: Page) => page.locator(':focus');

/** The script is a text: tests know no types of a page. */
async function drop(page: Page, fileName: string, content: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle<unknown>(`(() => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob('${content.toString('base64')}'), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], '${fileName}'));
    return transfer;
  })()`);
  await page.getByRole('region', { name: 'All functions' }).dispatchEvent('drop', { dataTransfer: transfer });
}

/** As a person drags it from a file manager, which a script in the page cannot do: only so there are folders. */
async function dragIn(page: Page, path: string): Promise<void> {
  const target = await page.getByRole('region', { name: 'All functions' }).boundingBox();
  const devTools = await page.context().newCDPSession(page);
  const at = { x: (target?.x ?? 0) + 20, y: (target?.y ?? 0) + 20 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devTools.send('Input.dispatchDragEvent', { type, ...at, data });
}

const dialogOf = (page: Page) => page.getByRole('dialog');
const hello = `exports.handler = async () => ({ body: require('./lib/word.js') });`;

describe('the first visit, while the server has no keys', () => {
  it('says how to begin, and takes a folder to a function that answers', async () => {
    const { page, context, problems } = await browser.visit(served.url);
    await page.goto('/ui');
    await page.getByRole('link', { name: 'Functions', exact: true }).click();
    await page.getByRole('heading', { name: 'Drop a folder with index.js' }).waitFor();
    const path = await codeFolder('first', { 'index.js': hello, 'lib/word.js': `module.exports = 'hello';` });
    await choose(page, 'Choose a folder', path);
    const dialog = dialogOf(page);
    expect(await dialog.getByLabel('Name').inputValue()).toBe('first');
    await focused(page).and(dialog.getByLabel('Name')).waitFor();
    await dialog.getByText('2 files').waitFor();
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await dialog.getByText('first is deployed.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const row = page.getByRole('row', { name: /first/ });
    await row.getByText('active').waitFor();
    expect((await served.invoke('first')).text).toBe('"hello"');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('deploys what is dropped on the list, as a new version where the function exists', async () => {
    const { page, context, problems } = await browser.visit(served.url);
    await page.goto('/ui/functions');
    await page.getByRole('row', { name: /first/ }).waitFor();
    await drop(page, 'first.zip', zipOf({ 'index.js': `exports.handler = async () => 'second';` }));
    const dialog = dialogOf(page);
    await dialog.getByText('first exists: this publishes a new version of it.').waitFor();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await dialog.getByText(/Version 2/).waitFor();
    await dialog.getByRole('link', { name: 'Open first' }).click();
    await page.getByRole('heading', { name: 'first', level: 1 }).waitFor();
    expect((await served.invoke('first')).text).toBe('"second"');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('deploys a folder that is dropped, with its subfolders', async () => {
    const { page, context, problems } = await browser.visit(served.url);
    await page.goto('/ui/functions');
    await page.getByRole('row', { name: /first/ }).waitFor();
    const path = await codeFolder('dropped', {
      'index.js': hello,
      'lib/word.js': `module.exports = 'dropped';`,
      '.glambdarignore': '*.draft\n',
      'a.draft': 'stays at home',
      '.env': 'SECRET=1',
    });
    await dragIn(page, path);
    const dialog = dialogOf(page);
    await dialog.getByText('2 files').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('dropped');
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await dialog.getByText('dropped is deployed.').waitFor();
    expect((await served.invoke('dropped')).text).toBe('"dropped"');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('says what is wrong with code before and after it is sent, and changes nothing', async () => {
    const { page, context } = await browser.visit(served.url);
    await page.goto('/ui/functions');
    await page.getByRole('row', { name: /first/ }).waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await choose(page, 'Choose a zip or file', await codeFileOf('first.zip', 'this is no zip'));
    const dialog = dialogOf(page);
    await dialog.getByLabel('Name').fill('no name');
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await dialog.getByText(/A name has 1 to 64/).waitFor();
    await dialog.getByLabel('Name').fill('first');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await dialog.getByText('Not deployed.').waitFor();
    await dialog.getByText(/zip/i).last().waitFor();
    expect(await served.versions('first')).toBe('[2] 1');
    await context.close();
  });

  it('shows what a build prints, and why one failed', async () => {
    const { page, context, problems } = await browser.visit(served.url);
    await page.goto('/ui/functions');
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    const broken = await codeFolder('typed', { 'index.ts': `enum Word { Hello = 'hello' export const` });
    await choose(page, 'Choose a folder', broken);
    const dialog = dialogOf(page);
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await dialog.getByText('Not deployed.').waitFor();
    const log = dialog.getByRole('log', { name: 'Build log' });
    await log
      .getByText(/index\.ts/)
      .first()
      .waitFor();
    await codeFolder('typed', {
      'index.ts': `enum Word { Hello = 'hello' } export const handler = async (): Promise<Word> => Word.Hello;`,
    });
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByRole('button', { name: 'Choose another' }).click();
    await choose(page, 'Choose a folder', broken);
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await dialog.getByText('typed is deployed.').waitFor();
    await log.getByText(/Bundled index\.ts/).waitFor();
    expect((await served.invoke('typed')).text).toBe('"hello"');
    expect(problems).toEqual([]);
    await context.close();
  });
});

async function codeFileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('with keys', () => {
  let adminKey: string;
  let admin: Client;
  beforeAll(async () => {
    adminKey = await firstKeyOf(served);
    admin = new Client(served.url, adminKey);
  }, patientlyMs);

  async function newKey(fields: object): Promise<{ readonly id: string; readonly key: string }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await admin.send('POST', '/keys', { headers, body: JSON.stringify(fields) });
    return answer.json as { id: string; key: string };
  }

  /** Somebody with this key at a page. */
  async function at(path: string, options: PageOptions & { readonly key?: string } = {}): Promise<Visit> {
    const visit = await browser.visit(served.url, options);
    await signIn(visit, options.key ?? adminKey);
    await visit.page.goto(path);
    return visit;
  }

  describe('signing in', () => {
    it('says in the words of the server that a key is wrong, and leads to where one wanted to go', async () => {
      const { page, context, problems } = await browser.visit(served.url);
      await page.goto('/ui/system/audit');
      await page.getByLabel('Key').fill('glb_0123456789ab_wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: /key/ }).waitFor();
      await page.getByLabel('Key').fill(adminKey);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Audit log' }).waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in to Glambdar' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/ui/system/audit');
      expect(problems).toEqual([]);
      await context.close();
    });

    it('is needed again once the key is revoked, and brings one back', async () => {
      const { id, key } = await newKey({ name: 'short', scopes: ['admin'] });
      const { page, context } = await at('/ui/system/configuration', { key });
      await page.getByRole('row', { name: /GLAMBDAR_PORT/ }).waitFor();
      await admin.send('DELETE', `/keys/${id}`);
      await page.getByRole('link', { name: 'Audit log' }).click();
      await page.getByText('Your session has ended.').waitFor();
      await page.getByLabel('Key').fill(adminKey);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Audit log' }).waitFor();
      await context.close();
    });

    it('offers only what the key allows', async () => {
      const { key } = await newKey({ name: 'reader', scopes: ['functions:read'], functions: ['first'] });
      const { page, context, problems } = await at('/ui/functions', { key });
      await page.getByRole('row', { name: /first/ }).waitFor();
      expect(await page.getByRole('button', { name: 'Deploy', exact: true }).count()).toBe(0);
      expect(await page.getByRole('link', { name: 'System' }).count()).toBe(0);
      await page.goto('/ui/system');
      await page.getByText('Your key may not see the server itself.').waitFor();
      await page.goto('/ui');
      await page.getByText('Your key may not read the numbers.').waitFor();
      expect(problems).toEqual([]);
      await context.close();
    });
  });

  describe('the page of the system', () => {
    it('makes a key, shows it once, and revokes it after asking', async () => {
      const { page, context, problems } = await at('/ui/system');
      await page.getByRole('button', { name: 'Create a key' }).click();
      const dialog = dialogOf(page);
      await dialog.getByLabel('Name').fill('shop');
      await dialog.getByRole('button', { name: 'Create' }).click();
      await dialog
        .getByRole('alert')
        .filter({ hasText: /scopes/ })
        .waitFor();
      await dialog.getByLabel(/functions:read/).check();
      await dialog.getByLabel('Only for certain functions').fill('shop-*');
      await dialog.getByRole('button', { name: 'Create' }).click();
      const key = await dialog.getByLabel('The key').inputValue();
      expect((await new Client(served.url, key).get('/info')).json).toEqual({ count: 0, functions: [] });
      await dialog.getByRole('button', { name: 'Done' }).click();
      expect(await page.getByText(key).count()).toBe(0);

      const row = page.getByRole('row', { name: /shop/ });
      await row.getByText('only for shop-*').waitFor();
      await row.getByRole('button', { name: 'Revoke' }).click();
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await focused(page)
        .and(row.getByRole('button', { name: 'Revoke' }))
        .waitFor();
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('shop is revoked.').waitFor();
      await row.waitFor({ state: 'detached' });
      expect((await new Client(served.url, key).get('/info')).status).toBe(401);
      expect(problems).toEqual([]);
      await context.close();
    });

    it('shows the audit log from its end, page by page', async () => {
      for (let made = 0; made < 30; made += 1) await admin.send('DELETE', `/del/none-${made}`);
      const { page, context } = await at('/ui/system/audit');
      await page
        .getByRole('row', { name: /function.delete none-29/ })
        .first()
        .waitFor();
      expect(await page.getByRole('row', { name: /function.delete none-0 / }).count()).toBe(0);
      await page.getByRole('button', { name: 'Show older entries' }).click();
      await page
        .getByRole('row', { name: /function.delete none-0 / })
        .first()
        .waitFor();
      await context.close();
    });

    it('finds a setting, and says what is stored', async () => {
      const { page, context } = await at('/ui/system/configuration');
      await page.getByLabel('Search settings').fill('management per');
      await page.getByRole('row', { name: /GLAMBDAR_MANAGEMENT_PER_SECOND.*0.*environment/ }).waitFor();
      await page.getByRole('link', { name: 'Storage' }).click();
      await page.getByRole('row', { name: /Databases/ }).waitFor();
      await context.close();
    });
  });

  describe('the look', () => {
    it('follows the device until somebody chooses, and keeps the choice', async () => {
      const { page, context } = await at('/ui/functions', { theme: 'dark' });
      const scheme = () => page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme');
      await page.getByRole('button', { name: /^Colours: as the device/ }).click();
      expect(await scheme()).toBe('light');
      await page.reload();
      await page.getByRole('button', { name: /^Colours: light/ }).waitFor();
      expect(await scheme()).toBe('light');
      await context.close();
    });

    it('puts whoever goes to another page at its heading, and lets them skip what is the same on all', async () => {
      const { page, context } = await at('/ui');
      await page.getByRole('heading', { name: 'Busiest functions' }).waitFor();
      await page.getByRole('link', { name: 'Functions', exact: true }).press('Enter');
      const heading = page.getByRole('heading', { name: 'Functions', level: 1 });
      await focused(page).and(heading).waitFor();
      expect(await page.title()).toBe('Functions · Glambdar');
      await page.reload();
      await heading.waitFor();
      await page.keyboard.press('Tab');
      await focused(page)
        .and(page.getByRole('link', { name: 'Skip to the content' }))
        .waitFor();
      await context.close();
    });

    const scrollsSideways = `[...document.querySelectorAll('.table-frame')].some((frame) => frame.scrollWidth > frame.clientWidth)`;

    const pages = [
      ['/ui', 'Busiest functions'],
      ['/ui/functions', 'Functions'],
      ['/ui/system/keys', 'Keys'],
      ['/ui/system/audit', 'Audit log'],
      ['/ui/system/configuration', 'Configuration'],
      ['/ui/system/storage', 'Images'],
      ['/ui/nothing/here', 'Nothing here'],
    ] as const;

    it.each([
      { theme: 'light', width: 1280 },
      { theme: 'dark', width: 1280 },
      { theme: 'light', width: 375 },
      { theme: 'dark', width: 375 },
    ] as const)('keeps nobody out and fits at $width px, $theme', async (options) => {
      const { page, context, problems } = await at('/ui', options);
      const found: Record<string, readonly string[]> = {};
      for (const [path, heading] of pages) {
        await page.goto(path);
        await page.getByRole('heading', { name: heading }).first().waitFor();
        if (path.startsWith('/ui/system') || path === '/ui/functions')
          await page.getByRole('row').nth(1).waitFor();
        const wider = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
        found[path] = [...(await accessibilityProblems(page)), ...(wider ? ['wider than the window'] : [])];
      }
      await page.goto('/ui/system');
      await page.getByRole('button', { name: 'Create a key' }).click();
      await dialogOf(page).waitFor();
      found['dialog'] = await accessibilityProblems(page);
      await page.goto('/ui/functions');
      await page.getByRole('row', { name: /first/ }).waitFor();
      found['list'] = (await page.evaluate<boolean>(scrollsSideways)) ? ['scrolls sideways'] : [];
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await dialogOf(page).waitFor();
      const choosing = await accessibilityProblems(page);
      await choose(page, 'Choose a folder', await codeFolder('look', { 'index.js': hello }));
      await dialogOf(page).getByLabel('Name').waitFor();
      found['deploying'] = [...choosing, ...(await accessibilityProblems(page))];
      await context.clearCookies();
      await page.reload();
      await page.getByLabel('Key').waitFor();
      found['sign-in'] = await accessibilityProblems(page);
      expect(Object.values(found).flat()).toEqual([]);
      expect(problems).toEqual([]);
      await context.close();
    });
  });

  describe('text of strangers', () => {
    /** Whatever of it ran would set the canary or ask another server. */
    const evil = `<script>canary=1</script><img src="https://canary.invalid/x" onerror="canary=2">`;

    it('is only ever text: names of keys, routes in the audit log, errors of functions', async () => {
      await newKey({ name: evil.slice(0, 64), scopes: ['functions:read'] });
      await new Client(served.url).get(`/info/${encodeURIComponent(evil)}`);
      await admin.upload(
        'hostile.zip',
        `console.log(${JSON.stringify(evil)}); throw new Error(${JSON.stringify(evil)});`,
      );
      const { page, context, problems } = await at('/ui/system/keys');
      await page
        .getByRole('row')
        .filter({ hasText: evil.slice(0, 64) })
        .waitFor();
      await page.getByRole('link', { name: 'Audit log' }).click();
      await page
        .getByRole('row', { name: /hostile/ })
        .first()
        .waitFor();
      await page.goto('/ui/functions');
      const row = page.getByRole('row', { name: /hostile/ });
      await row.getByText('failing').waitFor();
      await page.goto('/ui');
      await page
        .getByRole('region', { name: 'Needs attention' })
        .getByText(/hostile/)
        .first()
        .waitFor();
      expect(await page.evaluate<boolean>(`'canary' in globalThis`)).toBe(false);
      expect(problems).toEqual([]);
      await context.close();
    });
  });
});
