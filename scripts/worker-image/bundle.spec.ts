import { bundle, compiledName } from './bundle.mjs';

const importsOf = (code: string) =>
  [...code.matchAll(/\b(?:require|import)\(["']([^"']+)["']\)/g)].map(([, name]) => name);

describe('bundle', () => {
  it.each(['worker/main.ts', 'worker/egress/proxy-thread.ts'])(
    'leaves nothing of %s to be read from another file',
    async (entry) => {
      const names = importsOf(await bundle(entry));
      expect(names.filter((name) => !/^(node:|url$)/.test(name ?? ''))).toEqual([]);
      expect(names.length).toBeGreaterThan(0);
    },
  );

  it('holds each file once, however many import it', async () => {
    const code = await bundle('worker/main.ts');
    expect(code.split('"worker/primordials.js": (').length - 1).toBe(1);
  });

  it('leaves the import of a function to Node', async () => {
    expect(await bundle('worker/main.ts')).toMatch(/return import\(/);
  });
});

describe('compiledName', () => {
  it('is the place of the program in the image', () => {
    expect(compiledName('worker/main.ts')).toBe('worker/main.js');
  });
});
