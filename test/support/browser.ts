import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** For everything that a page is waited for: a busy machine must not fail a test by being slow. */
const patienceMs = 120_000;

export interface PageOptions {
  readonly theme?: 'light' | 'dark';
  /** In CSS pixels; a desk's screen unless it is said. */
  readonly width?: number;
  readonly height?: number;
}

/** A person's window: a page with cookies of its own, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * Scripts that failed, what the content security policy has refused, and requests to other origins than the server's. The
   * answers of the server that are errors are none: a page may expect them.
   */
  readonly problems: readonly string[];
}

/** A real Chromium for a file of tests; `close` it at the end. */
export class TestBrowser {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<TestBrowser> {
    const executablePath = process.env['TEST_BROWSER'] ?? '/usr/bin/chromium';
    // Chromium's own sandbox needs namespaces that root in a container has not.
    return new TestBrowser(await chromium.launch({ executablePath, chromiumSandbox: false }));
  }

  /** Opens a window of nobody yet, at the server of this URL. */
  async visit(serverUrl: string, options: PageOptions = {}): Promise<Visit> {
    const { theme = 'light', width = 1280, height = 800 } = options;
    const context = await this.browser.newContext({
      baseURL: serverUrl,
      colorScheme: theme,
      viewport: { width, height },
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(patienceMs);
    context.setDefaultNavigationTimeout(patienceMs);
    const page = await context.newPage();
    return { page, context, problems: problemsOf(page, serverUrl) };
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** As the page's own form does it; reload what is open. Throws where the server does not know the key. */
export async function signIn({ context }: Visit, key: string): Promise<void> {
  const answer = await context.request.post('/session', { data: { key } });
  if (answer.status() !== 201) throw new Error(`not signed in: ${answer.status()} ${await answer.text()}`);
}

function problemsOf(page: Page, serverUrl: string): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`script failed: ${error.message}`));
  page.on('console', (message) => {
    const isAnswer = message.text().includes('the server responded with a status of');
    if (message.type() === 'error' && !isAnswer) problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && new URL(url).origin !== serverUrl) problems.push(`asked elsewhere: ${url}`);
  });
  return problems;
}

/** What keeps people with a keyboard or a screen reader from using the page, in words; empty if nothing serious does. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's debugger, so that the page's policy against inline scripts does not keep it out.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}
