import { planBrowser } from './browser-plan.mjs';

type BrowserFacts = Parameters<typeof planBrowser>[0];

const bareDebian: BrowserFacts = { chosen: undefined, installed: undefined, isRoot: true, hasApt: true };

describe('planBrowser', () => {
  it('uses the browser that is there', () => {
    expect(planBrowser({ ...bareDebian, installed: '/usr/bin/chromium', isRoot: false })).toEqual({
      action: 'use',
      program: '/usr/bin/chromium',
    });
  });

  it('uses the one that was chosen, whatever else is there', () => {
    expect(planBrowser({ ...bareDebian, chosen: '/opt/chrome', installed: '/usr/bin/chromium' })).toEqual({
      action: 'use',
      program: '/opt/chrome',
    });
  });

  it('installs one as root on Debian or Ubuntu', () => {
    expect(planBrowser(bareDebian)).toEqual({ action: 'install' });
  });

  it.each([{ isRoot: false }, { hasApt: false }])('says what to install elsewhere: %j', (facts) => {
    expect(planBrowser({ ...bareDebian, ...facts })).toMatchObject({
      action: 'advise',
      sentence: expect.stringContaining('apt-get install chromium') as string,
    });
  });
});
