import { settingFieldsOf } from './setting-fields.js';
import { settingGroupsOf } from './setting-groups.js';

it('groups the settings by what they are about, and forgets none', () => {
  const fields = settingFieldsOf({
    somethingNew: { type: 'string' },
    egress: { type: 'array' },
    handler: { type: 'string' },
    runtime: { type: 'string' },
  });
  const groups = settingGroupsOf(fields).map(({ title, fields: of }) => [title, of.map(({ name }) => name)]);
  expect(groups).toEqual([
    ['Code', ['runtime', 'handler']],
    ['Network', ['egress']],
    ['More', ['somethingNew']],
  ]);
});
