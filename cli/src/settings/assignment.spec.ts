import { patchOf, unsetPatch } from './assignment.js';
import { settingsSchema } from './schema.js';

const nullable = (type: string) => ({ type: [type, 'null'] });
const schema = settingsSchema({
  components: {
    schemas: {
      FunctionSettingsPatch: {
        properties: {
          description: nullable('string'),
          isolation: { ...nullable('string'), enum: ['fresh', 'warm', null] },
          timeoutSeconds: nullable('integer'),
          installScripts: nullable('boolean'),
          egress: nullable('array'),
          environment: { ...nullable('object'), additionalProperties: { type: 'string' } },
          retry: {
            ...nullable('object'),
            properties: { maxAttempts: nullable('integer') },
            additionalProperties: false,
          },
          schedules: { ...nullable('object'), additionalProperties: nullable('object') },
        },
      },
    },
  },
});
const patch = (...assignments: string[]) => patchOf(assignments, schema);

describe('assignments of settings', () => {
  it('have the types of the schema', () => {
    expect(
      patch(
        'description=7',
        'isolation=warm',
        'timeoutSeconds=30',
        'installScripts=true',
        'egress=["public"]',
      ),
    ).toEqual({
      description: '7',
      isolation: 'warm',
      timeoutSeconds: 30,
      installScripts: true,
      egress: ['public'],
    });
  });

  it('may have anything after the first equals sign, and nothing', () => {
    expect(patch('description=a=b', 'environment.A=')).toEqual({
      description: 'a=b',
      environment: { A: '' },
    });
  });

  it('set variables one by one, or all of them', () => {
    expect(patch('environment.A=1', 'environment.B.C=x')).toEqual({ environment: { A: '1', 'B.C': 'x' } });
    expect(patch('environment={"A":"1"}', 'environment.B=2')).toEqual({ environment: { A: '1', B: '2' } });
  });

  it('set parts of a setting by their types', () => {
    expect(patch('retry.maxAttempts=5', 'schedules.nightly={"cron":"0 3 * * *"}')).toEqual({
      retry: { maxAttempts: 5 },
      schedules: { nightly: { cron: '0 3 * * *' } },
    });
  });

  it('give one part of a setting its default back', () => {
    expect(unsetPatch(['retry.maxAttempts'], schema)).toEqual({ retry: { maxAttempts: null } });
  });

  it.each([
    ['retry.attempts=5', 'The setting retry has no part "attempts".'],
    ['retry.maxAttempts=many', 'retry.maxAttempts is a number, not "many".'],
    ['schedules.nightly=daily', 'schedules.nightly is an object, in JSON.'],
    ['timeoutSeconds', '"timeoutSeconds" sets nothing.'],
    ['=7', '"=7" sets nothing.'],
    ['timeout=7', 'There is no setting "timeout".'],
    ['timeoutSeconds=', 'timeoutSeconds is a number, not "".'],
    ['timeoutSeconds=1e3', 'timeoutSeconds is a number, not "1e3".'],
    ['isolation=cold', 'isolation is one of fresh, warm, not "cold".'],
    ['installScripts=yes', 'installScripts is true or false, not "yes".'],
    ['egress=public', 'egress is a list, in JSON.'],
    ['egress={}', 'egress is a list, in JSON.'],
    ['environment=[]', 'environment is an object, in JSON.'],
    ['timeoutSeconds.x=7', 'The setting timeoutSeconds has no parts.'],
  ])('%s is refused', (assignment, message) => {
    expect(() => patch(assignment)).toThrow(message);
  });

  it('give back defaults, and take single variables away', () => {
    expect(unsetPatch(['timeoutSeconds', 'environment.A'], schema)).toEqual({
      timeoutSeconds: null,
      environment: { A: null },
    });
    expect(() => unsetPatch(['timeout'], schema)).toThrow('There is no setting "timeout".');
  });
});
