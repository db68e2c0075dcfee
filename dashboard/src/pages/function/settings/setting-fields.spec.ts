import { FunctionSettingsPatchSchema } from '@glambdar/client/schemas';
import { fieldAtFault, settingFieldsOf, titleOf } from './setting-fields.js';

const fields = settingFieldsOf(FunctionSettingsPatchSchema.properties);

describe('the fields of the settings', () => {
  it('are those of the API, every one', () => {
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(FunctionSettingsPatchSchema.properties));
  });

  it('each say their rule', () => {
    expect(fields.filter(({ description }) => description === '')).toEqual([]);
  });

  it.each([
    ['description', { control: 'text', default: '' }],
    ['isolation', { control: 'choice', choices: ['fresh', 'warm'], default: 'fresh' }],
    ['timeoutSeconds', { control: 'number', minimum: 1, maximum: 900, default: undefined }],
    ['environment', { control: 'variables', default: {} }],
    ['egress', { control: 'list', default: [] }],
    ['hosts', { control: 'list', default: [] }],
    ['onFailure', { control: 'text', default: null }],
    ['schedules', { control: 'elsewhere' }],
  ])('%s is %j', (name, field) => {
    expect(fields.find((one) => one.name === name)).toMatchObject(field);
  });

  it.each([
    [
      'retry',
      { default: { maxAttempts: 3, maxAgeSeconds: 21_600 } },
      ['maxAttempts', 'maxAgeSeconds'],
      ['number', 'number'],
    ],
    ['rateLimit', {}, ['perAddress', 'total'], ['number', 'number']],
    [
      'cors',
      { default: null },
      ['origins', 'methods', 'headers', 'exposedHeaders', 'credentials', 'maxAgeSeconds'],
      ['list', 'list', 'list', 'list', 'switch', 'number'],
    ],
  ])('of the object %s are those of its members', (name, field, members, controls) => {
    const found = fields.find((one) => one.name === name);
    expect(found).toMatchObject({ control: 'members', ...field });
    expect(found?.members.map((member) => member.name)).toEqual(members.map((key) => `${name}.${key}`));
    expect(found?.members.map(({ control }) => control)).toEqual(controls);
  });

  it.each([
    ['retry', 'retry.maxAttempts must be a whole number from 1 to 10.', 'retry.maxAttempts'],
    ['cors', 'each entry of cors.origins must be * or an origin, unlike "x".', 'cors.origins'],
    ['cors', 'cors must be an object.', 'cors'],
    ['memoryMiB', 'memoryMiB must be a whole number.', 'memoryMiB'],
    ['unheard', 'unheard is no setting.', undefined],
    [undefined, 'memoryMiB is too much.', undefined],
  ])('are found by a refusal of %s: %s', (field, message, name) => {
    expect(fieldAtFault(fields, { field, message })).toBe(name);
  });

  it('leave out what no form can show', () => {
    expect(settingFieldsOf({ odd: { type: 'null' }, flag: { type: ['boolean', 'null'] } })).toMatchObject([
      { name: 'flag', control: 'switch' },
    ]);
  });

  it.each([
    ['memoryMiB', 'Memory (MiB)'],
    ['idleTimeoutSeconds', 'Idle timeout (seconds)'],
    ['cpuMillis', 'CPU (thousandths of a core)'],
    ['responseFormat', 'Response format'],
    ['egress', 'Egress'],
    ['retry.maxAgeSeconds', 'Max age (seconds)'],
    ['cors', 'CORS'],
  ])('have titles for people: %s is %s', (name, title) => {
    expect(titleOf(name)).toBe(title);
  });
});
