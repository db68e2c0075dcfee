import type { Metafile } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

/** What the author should know although the bundle was made. */
export function bundleRemarks(project: string, entry: string, metafile: Metafile): readonly string[] {
  return [...metadataRemark(project, entry), ...missingPackages(project, entry, metafile)];
}

/** esbuild looks at one file at a time and knows no types, so it cannot write them into the code. */
function metadataRemark(project: string, entry: string): string[] {
  const file = nearest(project, entry, 'tsconfig.json');
  if (file === undefined || !/"emitDecoratorMetadata"\s*:\s*true/.test(read(project, file))) return [];
  return [
    `Warning: ${file} sets emitDecoratorMetadata, which a build does not do: code that reads the types of parameters ` +
      'and properties at run time (NestJS, TypeORM, tsyringe) does not find them. Compile it yourself with tsc, and ' +
      'deploy the JavaScript.',
  ];
}

/** A package that is only on the author's machine is missed when the code runs. */
function missingPackages(project: string, entry: string, { outputs }: Metafile): string[] {
  const named = packagesNamed(project, entry);
  const imported = Object.values(outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external === true && !isBuiltin(path) && !/^[./#]/.test(path))
    .map(({ path }) => packageOf(path));
  return [...new Set(imported)]
    .filter((name) => !named.includes(name) && !existsSync(join(project, 'node_modules', name)))
    .map(
      (name) =>
        `Warning: the code imports ${name}, which is neither among the dependencies in package.json nor in node_modules.`,
    );
}

function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

interface PackageFile {
  readonly name?: string;
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
  readonly peerDependencies?: object;
}

/** Those that an installation brings, and the package itself, which may import itself by its name. */
function packagesNamed(project: string, entry: string): readonly string[] {
  const file = nearest(project, entry, 'package.json');
  try {
    const content = JSON.parse(file === undefined ? '{}' : read(project, file)) as PackageFile;
    const { name = '', dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = content;
    return [name, ...[dependencies, optionalDependencies, peerDependencies].flatMap(Object.keys)];
  } catch {
    return [];
  }
}

/** The file of that name beside the entry or above it. */
function nearest(project: string, entry: string, name: string): string | undefined {
  for (let directory = dirname(entry); ; directory = dirname(directory)) {
    const file = directory === '.' ? name : `${directory}/${name}`;
    if (existsSync(join(project, file))) return file;
    if (directory === '.') return undefined;
  }
}

function read(project: string, file: string): string {
  return readFileSync(join(project, file), 'utf8');
}
