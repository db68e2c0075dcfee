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
import { eventually } from '../support/eventually.js';
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
  await Promise.all([
    admin.deploy('orders', ordersCode),
    admin.deploy('hostile', hostileCode, { retry: { maxAttempts: 1 } }),
    admin.deploy('letters', lettersCode, { retry: { maxAttempts: 1 } }),
  ]);
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

const lettersCode = `
  exports.handler = async (req) => {
    console.log('delivering ' + req.rawPath);
    if (req.rawPath === '/lost') throw new Error('no such address');
    return { statusCode: 201, body: { delivered: req.rawPath } };
  };`;

/** Hands a call over, and resolves to its event once that has ended. */
async function eventOf(path: string, headers: Readonly<Record<string, string>> = {}): Promise<EventOfTest> {
  const taken = await admin.send('POST', `/invoke/${path}`, {
    headers: { prefer: 'respond-async', ...headers },
  });
  const { id } = taken.json as { id: string };
  return (await admin.get(`/events/${id}?wait=60`)).json as EventOfTest;
}

interface EventOfTest {
  readonly id: string;
  readonly state: string;
  readonly attempts: readonly { readonly invocationId: string }[];
}

/** A record is written a moment after the call has ended. */
const recorded = ({ attempts }: EventOfTest) =>
  Promise.all(
    attempts.map(({ invocationId }) =>
      eventually(
        'the record of the call',
        async () => (await admin.get(`/invocations/${invocationId}`)).status === 200,
      ),
    ),
  );

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
  await page.getByRole('button', { name: 'Send', exact: true }).click();
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

describe('the events', () => {
  it('are made from the page, and show their attempts, each with its call, and their result', async () => {
    const { page, context, problems } = await at('letters');
    await page.getByLabel('Path and query').fill('/home');
    await page.getByRole('button', { name: /^Send in the background/ }).click();
    const event = page.getByRole('dialog', { name: /^Event/ });
    await event.getByText('succeeded', { exact: true }).waitFor();
    await event.getByText('status 201').waitFor();
    await event.getByRole('region', { name: 'Body of the answer' }).getByText('"/home"').waitFor();
    const id = new URL(page.url()).searchParams.get('event');
    await recorded((await admin.get(`/events/${id}`)).json as EventOfTest);
    const attempts = event.getByRole('list', { name: 'Attempts' });
    await attempts.getByText('answered', { exact: true }).waitFor();
    await attempts.getByRole('button', { name: 'Attempt 1: its call and log' }).click();
    const call = page.getByRole('dialog', { name: /^Invocation/ });
    await call.getByText('delivering /home').waitFor();
    await page.keyboard.press('Escape');
    await call.waitFor({ state: 'detached' });
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await event.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('that are dead are retried together, or deleted once their number is confirmed', async () => {
    const [first] = await Promise.all([eventOf('letters/lost'), eventOf('letters/lost')]);
    expect(first.state).toBe('dead');
    const { page, context, problems } = await at('letters/events');
    await page.getByLabel('State').selectOption('dead');
    const rows = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
    await rows.nth(1).waitFor();
    await rows
      .first()
      .getByRole('link', { name: /^Details of the event/ })
      .click();
    const event = page.getByRole('dialog', { name: /^Event/ });
    await event
      .getByText(/no such address/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Retry all dead' }).click();
    await page.getByText('2 events due again.').waitFor();
    await eventually('both have been tried again', async () => {
      const { json } = await admin.get('/events?function=letters&state=dead');
      const { events } = json as { events: readonly { attemptCount: number }[] };
      return events.length === 2 && events.every(({ attemptCount }) => attemptCount === 2);
    });
    await page.getByRole('button', { name: 'Purge dead…' }).click();
    const confirm = page.getByRole('dialog', { name: 'Delete 2 dead events?' });
    await confirm.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('2 events deleted.').waitFor();
    await page.getByText('No such events.').waitFor();
    expect((await admin.get(`/events/${first.id}`)).status).toBe(404);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('are deleted one by one', async () => {
    const { id } = await eventOf('letters/once');
    const { page, context } = await at(`letters/events?event=${id}`);
    const event = page.getByRole('dialog', { name: /^Event/ });
    await event.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('The event is deleted.').waitFor();
    await event.waitFor({ state: 'detached' });
    expect((await admin.get(`/events/${id}`)).status).toBe(404);
    await context.close();
  });
});

describe('the schedules', () => {
  it('are added, refused at their field, run by hand, switched off, changed and deleted', async () => {
    const { page, context, problems } = await at('letters/schedules');
    const dialog = page.getByRole('dialog');
    const known = async () => (await admin.get('/schedules/letters/nightly')).json;
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    await dialog.getByLabel('Name').fill('nightly');
    await dialog.getByLabel('Cron expression').fill('61 * * * *');
    await dialog.getByLabel('Time zone').fill('Pacific/Chatham');
    await dialog.getByLabel('Payload').fill('{"to":');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/^This is no JSON/).waitFor();
    await dialog.getByLabel('Payload').fill('{"to":"everybody"}');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.locator('.field-error', { hasText: /cron/ }).waitFor();
    expect(await dialog.getByLabel('Cron expression').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByLabel('Cron expression').fill('0 12 * * *');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('nightly is saved.').waitFor();
    const row = page.getByRole('row', { name: /nightly/ });
    await row.locator('summary').click();
    expect(await row.getByRole('list', { name: 'Next runs' }).getByRole('listitem').count()).toBe(5);
    await row
      .getByText(/12:00:00.PM in Pacific\/Chatham/)
      .first()
      .waitFor();
    expect(await known()).toMatchObject({ cron: '0 12 * * *', payload: { to: 'everybody' } });

    await page.getByRole('switch', { name: 'nightly is enabled' }).click();
    await page.getByText('nightly is disabled.').waitFor();
    expect(await known()).toMatchObject({ enabled: false, cron: '0 12 * * *', payload: { to: 'everybody' } });

    await page.getByRole('button', { name: 'Edit: nightly' }).click();
    await dialog.getByText('At an interval').click();
    await dialog.getByLabel('Every', { exact: true }).fill('1h');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('every 1h').waitFor();
    expect(await known()).toMatchObject({ every: '1h', payload: { to: 'everybody' } });

    await page.getByRole('button', { name: 'Run now: nightly' }).click();
    const event = page.getByRole('dialog', { name: /^Event/ });
    await event.getByText('succeeded', { exact: true }).waitFor();
    await event.getByText(/run by hand/).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'Schedules' }).click();
    await page.getByRole('button', { name: 'Delete: nightly' }).click();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No schedules.').waitFor();
    expect((await admin.get('/schedules/letters/nightly')).status).toBe(404);
    expect(problems).toEqual([]);
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

  it('that are objects are changed member by member, and set or taken away as a whole', async () => {
    const { page, context, problems } = await at('orders/settings');
    const read = async () => (await admin.get('/settings/orders')).json;
    const attempts = page.getByLabel('Max attempts', { exact: true });
    const save = page.getByRole('button', { name: 'Save' });
    await attempts.fill('99');
    await page.getByLabel('Set CORS').check();
    await page.getByLabel('Origins', { exact: true }).fill('https://app.example.com');
    await save.click();
    await page.getByText(/^retry\.maxAttempts must be/).waitFor();
    expect(await attempts.getAttribute('aria-invalid')).toBe('true');
    await attempts.fill('5');
    await page.getByLabel('On failure', { exact: true }).fill('letters');
    await save.click();
    await page.getByText('3 settings changed.').waitFor();
    expect(await read()).toMatchObject({
      retry: { maxAttempts: 5, maxAgeSeconds: 21_600 },
      cors: { origins: ['https://app.example.com'] },
      onFailure: 'letters',
    });

    await page.getByRole('button', { name: 'Restore default: 3, of Max attempts' }).click();
    await page.getByRole('button', { name: 'Restore default: none, of On failure' }).click();
    await page.getByLabel('Set CORS').uncheck();
    await save.click();
    await page.locator('.save-bar').waitFor({ state: 'detached' });
    expect(await read()).toMatchObject({ retry: { maxAttempts: 3 }, cors: null, onFailure: null });
    await page.getByRole('link', { name: 'See and change them on their own tab' }).click();
    await page.getByText('No schedules.').waitFor();
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

    const failed = await eventOf('hostile/throw', { 'x-ordering-key': '<script>canary=5</script>' });
    const answered = await eventOf('hostile/');
    await page.goto(`/ui/functions/hostile/events?event=${failed.id}`);
    const event = page.getByRole('dialog', { name: /^Event/ });
    await event.getByText('<script>canary=5</script>').waitFor();
    await event.getByRole('list', { name: 'Attempts' }).getByText('canary=1').first().waitFor();
    await page.goto(`/ui/functions/hostile/events?event=${answered.id}`);
    await event.getByRole('region', { name: 'Body of the answer' }).getByText('canary=1').first().waitFor();
    await event.getByText(/\d+ headers/).click();
    await event.getByText('<script>canary=4</script>').waitFor();
    const headers = { 'content-type': 'application/json' };
    const yearly = JSON.stringify({ every: '366d', payload: evil });
    expect(
      (await admin.send('PUT', '/schedules/hostile/constructor', { headers, body: yearly })).status,
    ).toBe(201);
    await page.goto('/ui/functions/hostile/schedules');
    await page.getByRole('button', { name: 'Edit: constructor' }).click();
    expect(await page.getByLabel('Payload').inputValue()).toBe(JSON.stringify(evil));

    expect(await page.evaluate(() => 'canary' in globalThis)).toBe(false);
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('the page of a function', () => {
  const tabs = [
    'call',
    'events',
    'schedules',
    'invocations',
    'log',
    'metrics',
    'versions',
    'settings',
    'secrets',
  ];

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
    await expect(tabsOf(asReader)).resolves.toEqual([
      'Events',
      'Schedules',
      'Versions',
      'Settings',
      'Secrets',
    ]);
    await asReader.page.getByText('Your key may read the settings, not change them.').waitFor();
    expect(await asReader.page.getByRole('button', { name: /Restore default|Add a variable/ }).count()).toBe(
      0,
    );
    const { id } = await eventOf('orders/seven');
    await asReader.page.goto(`/ui/functions/orders/events?event=${id}`);
    const event = asReader.page.getByRole('dialog', { name: /^Event/ });
    await event.getByText(/^Your key may not see it/).waitFor();
    expect(await asReader.page.getByRole('button', { name: /Retry|Purge|Delete|Attempt/ }).count()).toBe(0);
    await asReader.page.keyboard.press('Escape');
    await asReader.page.getByRole('link', { name: 'Schedules' }).click();
    await asReader.page.getByText('No schedules.').waitFor();
    expect(await asReader.page.getByRole('button', { name: 'Add a schedule' }).count()).toBe(0);
    await asReader.page.getByRole('link', { name: 'Secrets' }).click();
    await asReader.page.getByText('No secrets.').waitFor();
    expect(await asReader.page.getByRole('button', { name: 'Set secret' }).count()).toBe(0);
    await asCaller.context.close();
    await asReader.context.close();
  });

  it('offers a way on where no page has the address', async () => {
    const { page, context } = await at('orders/nothing');
    await page.getByText('There is no such page, or your key may not see it.').waitFor();
    await page.getByRole('paragraph').getByRole('link', { name: 'Call' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
    await context.close();
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
