import { cookieValues, sessionCookieName, setsSession, withoutSessions } from './session-cookie.js';

const name = sessionCookieName('0123abcd');

describe('the cookie of a session', () => {
  it('has another name on each server, so that two on one host do not overwrite each other', () => {
    expect(sessionCookieName('0123abcd')).not.toBe(sessionCookieName('4567abcd'));
  });

  it.each([
    ['', []],
    ['a=1', []],
    [`${name}=x`, ['x']],
    [`a=1; ${name}=x ; b=2`, ['x']],
    [`a=1;${name}=x;${name}=y`, ['x', 'y']],
    [`${name}=`, ['']],
    [name, []],
    [`not_${name}=x; ${name}2=y; ${sessionCookieName('4567abcd')}=z`, []],
  ])('is found in %j', (header, values) => {
    expect(cookieValues(header, name)).toEqual(values);
  });

  it.each([
    ['a=1; b=2', 'a=1; b=2'],
    [`a=1; ${name}=x; b=2`, 'a=1; b=2'],
    [`${name}=x;b=2`, 'b=2'],
    [`${name}=x`, undefined],
    [`${sessionCookieName('4567abcd')}=x; ${name}=y; glambdar_session=z`, undefined],
    ['a=glambdar_session', 'a=glambdar_session'],
  ])('is taken out of %j', (header, left) => {
    expect(withoutSessions(header)).toBe(left);
  });

  it.each([`${name}=x`, ` ${name} =x; Path=/`, `=${name}=x`, name, `\t=\t${name}`])(
    'is set, or hidden, by %j',
    (setCookie) => {
      expect(setsSession(setCookie)).toBe(true);
    },
  );

  it.each(['a=1', `a=1; Path=/${name}`, ''])('is left alone by %j', (setCookie) => {
    expect(setsSession(setCookie)).toBe(false);
  });
});
