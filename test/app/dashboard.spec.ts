import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DashboardFiles } from '../../src/http/dashboard/dashboard-files.js';
import { startApp, type ListeningApp } from '../support/app.js';

const behindProxy = {
  GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
  GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1',
  GLAMBDAR_INSECURE_NO_AUTH: 'true',
};

let served: ListeningApp;
let built: string;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'glambdar-ui-'));
  await writeFile(
    join(built, 'index.html'),
    '<link href="/ui/icon.svg"><script src="/ui/assets/a.js"></script>',
  );
  served = await startApp(behindProxy);
  Object.assign(served.app.get(DashboardFiles), { built });
});
afterAll(async () => {
  await served.close();
  await rm(built, { recursive: true });
});

describe('the dashboard behind a proxy', () => {
  it.each([
    ['/fn', '/fn'],
    ["/a&b/$'", "/a&b/$'"],
    ['', ''],
    ['/fn"onload="x', ''],
  ])('finds its files below the path that the proxy has removed: %j', async (prefix, shown) => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-prefix': prefix };
    const page = await (await fetch(`${served.url}/ui/functions`, { headers })).text();
    expect(page).toBe(`<link href="${shown}/ui/icon.svg"><script src="${shown}/ui/assets/a.js"></script>`);
  });
});
