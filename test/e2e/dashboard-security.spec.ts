import { jest } from '@jest/globals';
import { TestBrowser } from '../support/browser.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

let served: Served;
let browser: TestBrowser;
beforeAll(async () => {
  [served, browser] = await Promise.all([Served.start(), TestBrowser.start()]);
}, patientlyMs);
afterAll(async () => {
  await browser.close();
  await served.expectCleanEnd();
}, patientlyMs);

describe('the dashboard', () => {
  it('opens under its policy without a fault', async () => {
    const { page, problems } = await browser.visit(served.url);
    const answer = await page.goto('/ui');
    expect(answer?.status()).toBe(200);
    await page.getByRole('heading').first().waitFor();
    expect(problems).toEqual([]);
  });
});
