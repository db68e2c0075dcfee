import { BuilderProcess } from '../test/support/builds/builder-process.js';
import { TestRegistry } from '../test/support/builds/test-registry.js';

describe('a build', () => {
  it('installs first, so that the bundle finds what its tsconfig.json stands on', async () => {
    const registry = await TestRegistry.open({
      base: { files: { 'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true}}' } },
    });
    const files = {
      'package.json': '{"dependencies":{"base":"1"}}',
      'tsconfig.json': '{"extends":"base/tsconfig.json"}',
      'index.ts':
        'const none = (..._: unknown[]) => {};\nclass A { constructor(@none _a: string) {} }\nexport const handler = A;',
    };
    const built = await BuilderProcess.build(files, {
      install: { command: 'install', scripts: false, registry: registry.url },
      bundle: { entry: 'index.ts' },
      reachable: [registry.host],
    });
    registry.close();
    expect([built.end?.type, built.steps]).toEqual(['done', ['install', 'bundle', 'pack']]);
    expect([...built.files.keys()]).toContain('index.cjs');
  });

  it('ends with its host', async () => {
    const built = await BuilderProcess.build(
      { 'index.ts': 'enum A {}' },
      {
        bundle: { entry: 'index.ts' },
        onMessage: (message, builder) => {
          if (message.type === 'step') builder.disconnect();
        },
      },
    );
    expect(built.end).toBeUndefined();
  });

  it('says it where what it was told to bundle is not there', async () => {
    const built = await BuilderProcess.build({}, { bundle: { entry: 'index.ts' } });
    expect(built.end).toMatchObject({
      type: 'failed',
      step: 'bundle',
      message: expect.stringMatching(/index\.ts/) as string,
    });
  });
});
