import { flag, integer, oneOf, problemsIn, settingsGroup, text } from './settings.js';

const described = { variable: 'GLAMBDAR_X', meaning: 'X.' };

describe('integer', () => {
  const setting = integer({ ...described, defaultValue: 5, min: 1, max: 1000 });

  it.each([
    ['1', 1],
    ['1000', 1000],
    ['007', 7],
  ])('reads %j as %d', (given, value) => {
    expect(setting.parse(given)).toBe(value);
  });

  it.each([
    '',
    ' ',
    ' 7',
    '7 ',
    '+7',
    '-7',
    '7.0',
    '1e3',
    '0x10',
    '1_000',
    '0',
    '1001',
    'seven',
    'NaN',
    '9'.repeat(16),
  ])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });

  it('says its rule in words', () => {
    expect(setting.rule).toBe('an integer from 1 to 1000');
  });
});

describe('flag', () => {
  const setting = flag({ ...described, defaultValue: true });

  it('reads exactly true and false', () => {
    expect(setting.parse('true')).toBe(true);
    expect(setting.parse('false')).toBe(false);
  });

  it.each(['', 'TRUE', 'False', '1', '0', 'yes', ' true'])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });
});

describe('oneOf', () => {
  const setting = oneOf({ ...described, defaultValue: 'warm', choices: ['fresh', 'warm'] });

  it('reads its choices', () => {
    expect(setting.parse('fresh')).toBe('fresh');
  });

  it.each(['', 'Fresh', 'fresh ', 'cold'])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });
});

describe('text', () => {
  const setting = text({ ...described, defaultValue: 'a', rule: 'lower-case letters', pattern: /^[a-z]+$/ });

  it('reads what matches', () => {
    expect(setting.parse('abc')).toBe('abc');
  });

  it.each(['', 'A', 'a b'])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });
});

const server = settingsGroup('server', {
  port: integer({
    variable: 'GLAMBDAR_PORT',
    fallback: 'PORT',
    meaning: 'Port.',
    defaultValue: 8000,
    min: 0,
    max: 65_535,
  }),
});
const features = settingsGroup('features', {
  isOn: flag({ variable: 'GLAMBDAR_ON', meaning: 'On.', defaultValue: false }),
});

describe('problemsIn', () => {
  it('finds nothing in an empty environment: every setting has a default', () => {
    expect(problemsIn([server, features], {})).toEqual([]);
  });

  it('reports every problem of every group at once, by name and rule', () => {
    expect(problemsIn([server, features], { GLAMBDAR_PORT: '70000', GLAMBDAR_ON: 'yes' })).toEqual([
      'GLAMBDAR_PORT must be an integer from 0 to 65535',
      'GLAMBDAR_ON must be true or false',
    ]);
  });

  it('never prints a value', () => {
    const problems = problemsIn([server, features], { GLAMBDAR_PORT: 'hunter2', GLAMBDAR_OTHER: 'hunter2' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('treats a variable set to nothing as set', () => {
    expect(problemsIn([server], { GLAMBDAR_PORT: '' })).toHaveLength(1);
  });

  it('names the variable that was read, ours or the one in its place', () => {
    const problem = (variable: string) => [`${variable} must be an integer from 0 to 65535`];
    for (const wrong of ['', '80 ', '70000', 'http']) {
      expect(problemsIn([server], { PORT: wrong })).toEqual(problem('PORT'));
      expect(problemsIn([server], { PORT: '80', GLAMBDAR_PORT: wrong })).toEqual(problem('GLAMBDAR_PORT'));
      expect(problemsIn([server], { PORT: wrong, GLAMBDAR_PORT: '80' })).toEqual([]);
    }
  });

  it('reports a variable of ours that is no setting, which is nearly always a misspelt one', () => {
    expect(problemsIn([server], { GLAMBDAR_PROT: '1', PATH: '/bin' })).toEqual([
      'GLAMBDAR_PROT is not a setting; docs/configuration.md lists them all',
    ]);
  });

  it('has nothing to say about the variables of the command line', () => {
    const environment = { GLAMBDAR_URL: 'http://127.0.0.1:1', GLAMBDAR_KEY: 'x', GLAMBDAR_PROFILE: 'work' };
    expect(problemsIn([server], environment)).toEqual([]);
  });
});

describe('settingsGroup', () => {
  const before = { ...process.env };
  beforeEach(() => {
    delete process.env['GLAMBDAR_PORT'];
    delete process.env['PORT'];
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it('gives defaults where the environment says nothing', () => {
    expect(server.config()).toEqual({ port: 8000 });
  });

  it("reads another program's variable only where ours is not set", () => {
    process.env['PORT'] = '82';
    expect(server.config()).toEqual({ port: 82 });
    process.env['GLAMBDAR_PORT'] = '81';
    expect(server.config()).toEqual({ port: 81 });
  });

  it('gives typed values under the names of the definitions', () => {
    process.env['GLAMBDAR_PORT'] = '81';
    expect(server.config()).toEqual({ port: 81 });
  });
});
