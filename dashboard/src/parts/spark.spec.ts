import { sparkPoints } from './spark.js';

describe('a sparkline', () => {
  it('fills its box from the lowest at the bottom to the highest at the top', () => {
    expect(sparkPoints([0, 5, 10], 60, 20)).toBe('0,20 30,10 60,0');
  });

  it('is flat where nothing happened, and empty without values', () => {
    expect(sparkPoints([0, 0], 60, 20)).toBe('0,20 60,20');
    expect(sparkPoints([], 60, 20)).toBe('');
  });
});
