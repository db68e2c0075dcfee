import { imagesToRemove } from './image-store.mjs';

describe('imagesToRemove', () => {
  const image = (tag: string, createdAt: number) => ({ reference: `glambdar-worker:${tag}`, createdAt });

  it('keeps the current image and the two newest others', () => {
    const images = [image('a', 1), image('d', 4), image('b', 2), image('now', 3), image('c', 3)];
    expect(imagesToRemove(images, 'glambdar-worker:now')).toEqual(['glambdar-worker:b', 'glambdar-worker:a']);
  });

  it('never names an image of another repository', () => {
    const foreign = Array.from({ length: 5 }, (_, index) => ({
      reference: `node:${index}`,
      createdAt: index,
    }));
    expect(imagesToRemove(foreign, 'glambdar-worker:now')).toEqual([]);
  });
});
