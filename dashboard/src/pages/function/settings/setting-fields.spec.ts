import { FunctionSettingsPatchSchema } from '@glambdar/client/schemas';
import { settingFieldsOf, titleOf } from './setting-fields.js';

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
  ])('%s is %j', (name, field) => {
    expect(fields.find((one) => one.name === name)).toMatchObject(field);
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
  ])('have titles for people: %s is %s', (name, title) => {
    expect(titleOf(name)).toBe(title);
  });
});
