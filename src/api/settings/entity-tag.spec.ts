import { conditionOf } from './entity-tag.js';

describe('If-Match', () => {
  it.each([undefined, '*', ' * ', '"7"', '"6", "7"', 'W/"6","7"'])('%j lets revision 7 change', (value) => {
    expect(conditionOf(value)(7)).toBe(true);
  });

  it.each(['"6"', '"77"', '""', 'W/"7"', '"6", "8"', '"7"'])(
    '%j asks for what it names, compared strongly',
    (value) => {
      expect(conditionOf(value)(8)).toBe(value === '"6", "8"');
    },
  );

  it.each(['7', '"7', '', ',', '"7" "8"', '"7";', '*, "7"', '7, "8"'])('%j is refused', (value) => {
    expect(() => conditionOf(value)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_REQUEST', details: { field: 'If-Match' } }) as Error,
    );
  });
});
