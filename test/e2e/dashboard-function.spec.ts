import { jest } from '@jest/globals';
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

jest.setTimeout(patientlyMs);

let served: Served;
let browser: TestBrowser;
let admin: Client;
let adminKey: string;

beforeAll(async () => {
  [served, browser] = await Promise.all([
    Served.start({ GLAMBDAR_MANAGEMENT_PER_SECOND: '0' }),
    TestBrowser.start(),
  ]);
  adminKey = await firstKeyOf(served);
  admin = new Client(served.url, adminKey);
  await Promise.all([admin.deploy('orders', ordersCode), admin.deploy('hostile', hostileCode)]);
}, patientlyMs);
afterAll(async () => {
  await browser.close();
  await served.expectCleanEnd();
}, patientlyMs);

const ordersCode = `
  exports.handler = async (req) => {
    console.log('looking for ' + req.rawPath);
    if (req.rawPath === '/missing') throw new TypeError('no such order', { cause: new Error('the shop is closed') });
    if (req.rawPath === '/moved') return { statusCode: 302, headers: { location: '/elsewhere' } };
    if (req.rawPath === '/secret') return { token: process.env.API_TOKEN ?? 'none' };
    return { statusCode: 201, headers: { 'x-order': '7' }, body: { id: 7, method: req.requestContext.http.method } };
  };`;

/** Whatever of it ran would set the canary or ask another server. */
const evil =
  '<script>canary=1</script><img src="https://canary.invalid/x" onerror="canary=2"><a href="javascript:canary=3">x</a>' +
  '\u001b[2J\u202egpj\u0000\u200b';
const evilShown = '\\u001b[2J\\u202egpj\\u0000\\u200b';

const hostileCode = `
  const evil = ${JSON.stringify(evil)};
  console.log('loading', evil);
  exports.handler = async (req) => {
    console.log(evil);
    console.error('x'.repeat(1_000_000));
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x41, 0x0a]));
    if (req.rawPath === '/throw') throw Object.assign(new Error(evil, { cause: new Error(evil) }), { name: evil });
    if (req.rawPath === '/bytes') return new Response(Buffer.from([0x3c, 0x73, 0xff, 0x00]), { headers: { 'content-type': 'image/png' } });
    return {
      statusCode: 200,
      headers: { 'content-type': 'text/html', 'x-evil': '<script>canary=4</script>', 'server-timing': 'handler;dur=9e999;desc="<b>"' },
      body: evil,
    };
  };`;

async function keyFor(client: Client, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await client.send('POST', '/keys', { headers, body: JSON.stringify(body) });
  return (answer.json as { key: string }).key;
}

/** Somebody with this key at a page of a function. */
async function at(path: string, options: PageOptions & { readonly key?: string } = {}): Promise<Visit> {
  const visit = await browser.visit(served.url, options);
  await signIn(visit, options.key ?? adminKey);
  await visit.page.goto(`/ui/functions/${path}`);
  await visit.page.getByRole('navigation', { name: /^Pages of/ }).waitFor();
  return visit;
}

const answerOf = (page: Page) => page.getByRole('region', { name: 'Answer' });
const send = async (page: Page, path: string) => {
  await page.getByLabel('Path and query').fill(path);
  await page.getByRole('button', { name: 'Send' }).click();
};

describe('calling a function from its page', () => {
  it('shows its answer, where the time went, where its container came from, and what it printed', async () => {
    const { page, context, problems } = await at('orders');
    await page.getByLabel('Method').selectOption('PUT');
    await send(page, '/seven?full=1');
    const answer = answerOf(page);
    await answer.getByText('201 Created', { exact: true }).first().waitFor();
    await answer.getByRole('region', { name: 'Body of the answer' }).getByText('"PUT"').waitFor();
    await answer.getByText('Getting a container').waitFor();
    await answer.getByText(/^It ran in a /).waitFor();
    await answer.getByText(/^version 1\b/).waitFor();
    await answer.getByText('looking for /seven').waitFor();
    await answer.getByText(/\d+ headers/).click();
    await answer.getByText('x-order').waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it('says at the field that a path would leave the function, and calls nothing', async () => {
    const { page, context } = await at('orders');
    await send(page, '/../../del/orders');
    await page.getByText(/Browsers resolve the segments/).waitFor();
    expect(await page.getByLabel('Path and query').getAttribute('aria-invalid')).toBe('true');
    expect((await admin.get('/info/orders')).status).toBe(200);
    await context.close();
  });

  it('shows a redirect as one and does not follow it', async () => {
    const { page, context, problems } = await at('orders');
    await send(page, '/moved');
    await answerOf(page).getByText('302', { exact: true }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('the invocations', () => {
  it('are filtered by their outcome, and each says who failed, why, and what it printed', async () => {
    expect((await admin.invoke('orders')).status).toBe(201);
    expect((await admin.invoke('orders/missing')).code).toBe('FUNCTION_ERROR');
    const { page, context } = await at('orders/invocations');
    await page.getByLabel('Version').selectOption('1');
    await page.getByLabel('Time').selectOption({ label: 'Last hour' });
    await page.getByLabel('Outcome').selectOption({ label: 'function’s fault' });
    const rows = page.getByRole('table', { name: 'Invocations' }).locator('tbody tr');
    await rows.filter({ hasText: 'answered' }).first().waitFor({ state: 'detached' });
    await rows
      .first()
      .getByRole('button', { name: /^Details of the call/ })
      .click();
    const details = page.getByRole('dialog');
    await details.getByText('FUNCTION_ERROR, the function’s fault:').waitFor();
    await details.getByText('Error: the shop is closed', { exact: true }).waitFor();
    await details
      .getByRole('region', { name: 'Stack' })
      .getByText(/index\.js:\d+/)
      .first()
      .waitFor();
    await details.getByText('looking for /missing').waitFor();
    await details.getByText('Memory at most').waitFor();
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await context.close();
  });
});

describe('the live log', () => {
  it('shows lines as they are printed, filters them, and keeps them back while it is paused', async () => {
    const { page, context } = await at('orders/log');
    const log = page.getByRole('log');
    await page.getByText('Following', { exact: true }).waitFor();
    await admin.invoke('orders/first');
    await log.getByText('looking for /first').waitFor();

    await page.getByRole('button', { name: 'Pause' }).click();
    await admin.invoke('orders/second');
    await page.getByText(/^: \d+ new lines?$/).waitFor();
    expect(await log.getByText('looking for /second').count()).toBe(0);
    await page.getByRole('button', { name: 'Follow' }).click();
    await log.getByText('looking for /second').waitFor();

    await page.getByLabel('Search').fill('/SECOND');
    await log.getByText('looking for /first').waitFor({ state: 'detached' });
    await log.getByText('looking for /second').waitFor();
    await page.getByLabel('Level').selectOption('error');
    await log.getByText('looking for /second').waitFor({ state: 'detached' });
    await context.close();
  });
});

describe('the settings', () => {
  it('are saved together, refused at their field, and restored to their default', async () => {
    const { page, context, problems } = await at('orders/settings');
    const memory = page.getByLabel('Memory (MiB)', { exact: true });
    const containers = page.getByLabel('Max containers', { exact: true });
    await memory.fill('1');
    await containers.fill('3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^memoryMiB must be/).waitFor();
    expect(await memory.getAttribute('aria-invalid')).toBe('true');
    expect((await admin.get('/settings/orders')).json).toMatchObject({ maxContainers: 4 });

    await memory.fill('192');
    await page.getByRole('button', { name: 'Add a variable' }).click();
    await page.getByLabel('Name of variable 1').fill('GREETING');
    await page.getByLabel('Value of variable 1').fill('Hello');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('3 settings changed.').waitFor();
    expect((await admin.get('/settings/orders')).json).toMatchObject({
      memoryMiB: 192,
      maxContainers: 3,
      environment: { GREETING: 'Hello' },
    });

    await page.getByRole('button', { name: 'Restore default: 4, of Max containers' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('1 setting changed.').waitFor();
    expect((await admin.get('/settings/orders')).json).toMatchObject({ maxContainers: 4, memoryMiB: 192 });
    expect(problems).toEqual([]);
    await context.close();
  });

  it('do not overwrite what somebody else has changed meanwhile without showing it', async () => {
    const { page, context } = await at('orders/settings');
    await page.getByLabel('Timeout (seconds)', { exact: true }).fill('20');
    const headers = { 'content-type': 'application/json' };
    await admin.send('PATCH', '/settings/orders', { headers, body: '{"description":"by another"}' });
    await page.getByRole('button', { name: 'Save' }).click();
    const theirs = page.getByRole('list', { name: 'What others have changed' });
    await theirs.getByText('by another').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('1 setting changed.').waitFor();
    expect((await admin.get('/settings/orders')).json).toMatchObject({
      timeoutSeconds: 20,
      description: 'by another',
    });
    await context.close();
  });
});

describe('the versions', () => {
  it('are listed with what differs between their settings, and the one before is brought back', async () => {
    await admin.deploy('shop', 'exports.handler = () => 1;');
    await admin.publish('shop', 'exports.handler = () => 2;', { description: 'the second' });
    const { page, context } = await at('shop/versions');
    await page.getByRole('button', { name: '1 changed: settings of version 2' }).click();
    const dialog = page.getByRole('dialog');
    const changed = dialog.getByRole('list', { name: 'Changed since the version before it' });
    await changed.getByText('the second').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByText('Calls run version 1 now.').waitFor();
    await page.getByText('version 1', { exact: true }).waitFor();
    expect((await admin.invoke('shop')).text).toBe('1');
    await context.close();
  });
});

describe('the secrets', () => {
  it('are set, found by the code, never shown, and deleted', async () => {
    const { page, context } = await at('orders/secrets');
    await page.getByLabel('Name').fill('API_TOKEN');
    await page.getByLabel('Value').fill('correct horse');
    await page.getByRole('button', { name: 'Set secret' }).click();
    const listed = page.getByRole('region', { name: 'Secrets' }).getByText('API_TOKEN', { exact: true });
    await listed.first().waitFor();
    expect((await admin.invoke('orders/secret')).json).toEqual({ token: 'correct horse' });
    await page.reload();
    await listed.first().waitFor();
    expect(await page.content()).not.toContain('correct horse');

    await page.getByLabel('Name').fill('NODE_OPTIONS');
    await page.getByLabel('Value').fill('x');
    await page.getByRole('button', { name: 'Set secret' }).click();
    await page.locator('[role=alert]', { hasText: 'NODE_OPTIONS' }).waitFor();

    await page.getByRole('button', { name: 'Delete API_TOKEN' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No secrets.').waitFor();
    await context.close();
  });
});

describe('a hostile function', () => {
  it('shows as text whatever it answers, prints and throws, and nothing of it runs', async () => {
    await admin.invoke('hostile/throw');
    await admin.deploy('hostile-load', `throw new Error(${JSON.stringify(evil)});`);
    const { page, context, problems } = await at('hostile');
    await send(page, '/');
    const body = answerOf(page).getByRole('region', { name: 'Body of the answer' });
    await body.getByText(evilShown).or(body.getByText('<script>canary=1</script>')).first().waitFor();
    await answerOf(page)
      .getByText(/\d+ headers/)
      .click();
    await answerOf(page).getByText('<script>canary=4</script>').waitFor();
    await answerOf(page)
      .getByRole('region', { name: 'What the call printed' })
      .getByText('canary=1')
      .first()
      .waitFor();
    await send(page, '/bytes');
    await body.getByText('3c 73 ff 00').waitFor();
    await send(page, '/throw');
    await body.getByText('FUNCTION_ERROR').first().waitFor();

    await page.getByRole('link', { name: 'Invocations' }).click();
    await page.locator('tbody tr', { hasText: 'FUNCTION_ERROR' }).first().getByRole('button').click();
    const details = page.getByRole('dialog');
    await details.getByRole('region', { name: 'Stack' }).getByText('canary=1').first().waitFor();
    await details.getByText('more character').first().waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'Log', exact: true }).click();
    await page.getByRole('log').getByText('canary=1').first().waitFor();
    await page.getByRole('log').locator('.escape', { hasText: '\\u202e' }).first().waitFor();

    await page.goto('/ui/functions/hostile-load/versions');
    await page.getByText('The code does not load.').waitFor();
    await page.locator('.escape', { hasText: '\\u001b' }).first().waitFor();

    expect(await page.evaluate(() => 'canary' in globalThis)).toBe(false);
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('the page of a function', () => {
  const tabs = ['call', 'invocations', 'log', 'metrics', 'versions', 'settings', 'secrets'];

  it.each<PageOptions>([{ theme: 'light' }, { theme: 'dark', width: 375, height: 780 }])(
    'has no serious barrier and fits the screen on each tab: %j',
    async (options) => {
      const { page, context, problems } = await at('orders', options);
      for (const tab of tabs) {
        await page.getByRole('link', { name: new RegExp(`^${tab}$`, 'i') }).click();
        await page.locator(`.tabs a[aria-current]`, { hasText: new RegExp(`^${tab}$`, 'i') }).waitFor();
        await page.locator('.waiting').waitFor({ state: 'detached' });
        expect(await accessibilityProblems(page)).toEqual([]);
        const isTooWide = await page.evaluate<boolean>(
          'document.documentElement.scrollWidth > document.documentElement.clientWidth',
        );
        expect({ tab, isTooWide }).toEqual({ tab, isTooWide: false });
      }
      expect(problems).toEqual([]);
      await context.close();
    },
  );

  it('offers only what the key may do', async () => {
    const [caller, reader] = await Promise.all([
      keyFor(admin, { name: 'caller', scopes: ['functions:invoke'] }),
      keyFor(admin, { name: 'reader', scopes: ['functions:read'] }),
    ]);
    const asCaller = await at('orders', { key: caller });
    const tabsOf = ({ page }: Visit) =>
      page.getByRole('navigation', { name: 'Pages of orders' }).getByRole('link').allTextContents();
    await expect(tabsOf(asCaller)).resolves.toEqual(['Call']);
    await send(asCaller.page, '/');
    await answerOf(asCaller.page).getByText('201 Created', { exact: true }).first().waitFor();
    expect(await asCaller.page.getByRole('button', { name: 'Delete…' }).count()).toBe(0);

    const asReader = await at('orders/settings', { key: reader });
    await expect(tabsOf(asReader)).resolves.toEqual(['Versions', 'Settings', 'Secrets']);
    await asReader.page.getByText('Your key may read the settings, not change them.').waitFor();
    expect(await asReader.page.getByRole('button', { name: /Restore default|Add a variable/ }).count()).toBe(
      0,
    );
    await asReader.page.getByRole('link', { name: 'Secrets' }).click();
    await asReader.page.getByText('No secrets.').waitFor();
    expect(await asReader.page.getByRole('button', { name: 'Set secret' }).count()).toBe(0);
    await asCaller.context.close();
    await asReader.context.close();
  });

  it('deletes the function once its name is typed', async () => {
    await admin.deploy('gone', 'exports.handler = () => 1;');
    const { page, context } = await at('gone');
    await page.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete', exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('gone');
    await confirm.click();
    await page.getByText('gone is deleted.').waitFor();
    expect((await admin.get('/info/gone')).code).toBe('FUNCTION_NOT_FOUND');
    await context.close();
  });
});
