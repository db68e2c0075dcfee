import { flag, integer } from './setting.js';
import { problemsIn, settingsGroup } from './settings-group.js';

const server = settingsGroup('server', {
  port: integer({ variable: 'GLAMBDAR_PORT', meaning: 'Port.', defaultValue: 8000, min: 0, max: 65_535 }),
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

  it('reports a variable of ours that is no setting, which is nearly always a misspelt one', () => {
    expect(problemsIn([server], { GLAMBDAR_PROT: '1', PATH: '/bin' })).toEqual([
      'GLAMBDAR_PROT is not a setting; docs/configuration.md lists them all',
    ]);
  });
});

describe('settingsGroup', () => {
  const before = process.env['GLAMBDAR_PORT'];
  afterEach(() => {
    if (before === undefined) delete process.env['GLAMBDAR_PORT'];
    else process.env['GLAMBDAR_PORT'] = before;
  });

  it('gives defaults where the environment says nothing', () => {
    delete process.env['GLAMBDAR_PORT'];
    expect(server.config()).toEqual({ port: 8000 });
  });

  it('gives typed values under the names of the definitions', () => {
    process.env['GLAMBDAR_PORT'] = '81';
    expect(server.config()).toEqual({ port: 81 });
  });
});
