import { Option } from 'commander';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { CommandError, usageError } from '../errors/command-error.js';
import { checkLimits } from '../packing/archive-limits.js';
import { sizesOf } from '../packing/folder-entries.js';
import { packFolder } from '../packing/pack-folder.js';
import { containerPlatform, processors, type Processor } from '../packing/platform.js';
import { ZipTarget } from '../packing/zip-target.js';
import { count } from '../terminal/count.js';
import { words } from '../terminal/sentence.js';

const mostNamesShown = 10;

interface Options {
  readonly cpu?: Processor;
  readonly packages: boolean;
}

export const addPack: AddCommand = (program, context) => {
  const command = program
    .command('pack')
    .description(
      'Make a zip of a function without deploying it. The packages that package.json depends on are packed as they are ' +
        'installed; what .glambdarignore names, and what belongs to your machine (.env, .git and the like), is left out.',
    )
    .argument('[dir]', "the function's directory", '.')
    .argument('[out.zip]', 'the zip to write (default: the name of the directory, in the current one)')
    .addOption(
      new Option('--cpu <cpu>', "The server's processor, if it differs from this machine's.").choices(
        processors,
      ),
    )
    .option('--no-packages', 'Leave the packages to the server, which installs what package.json names.')
    .action((directory: string, out: string | undefined, options: Options) =>
      pack(directory, out, options, context),
    );
  withExamples(
    command,
    ['glambdar pack', 'packs the current directory'],
    ['glambdar pack hello /tmp/hello.zip --no-packages', 'packs a directory without its packages'],
  );
};

async function pack(
  directory: string,
  out: string | undefined,
  options: Options,
  context: Context,
): Promise<void> {
  const { workingDirectory, interrupted } = context.host;
  const folder = path.resolve(workingDirectory, directory);
  await requireFolder(folder, directory);
  const shown = out ?? `${path.basename(folder)}.zip`;
  const target = await ZipTarget.at(path.resolve(workingDirectory, shown), shown);
  const packagesFor = options.packages ? containerPlatform(options.cpu) : undefined;
  const { entries, packages, leftOut, notes } = await packFolder(folder, {
    packagesFor,
    archive: target.path,
  });
  if (entries.length === 0)
    throw new CommandError(
      'refused',
      'There is nothing to pack in this folder.',
      '`glambdar init` makes a function to begin with.',
    );
  const { refusal, warnings } = checkLimits(sizesOf(entries));
  if (refusal !== undefined) throw new CommandError('refused', refusal);

  const { bytes, warnings: ofArchive } = await target.write(entries, interrupted);
  const summary = `${shown}: ${bytes} bytes, ${count(entries.length, 'file')}, ${count(packages, 'package')}`;
  const lines = leftOut.length === 0 ? [summary] : [summary, `left out: ${listed(leftOut)}`];
  await context.printer.result(
    { archive: shown, bytes, files: entries.length, packages, leftOut },
    words(lines.join('\n')),
  );
  for (const warning of [...warnings, ...ofArchive, ...notes]) context.printer.warn(warning);
}

export async function requireFolder(folder: string, named: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw usageError(`${named} is not a folder that can be read.`);
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNamesShown;
  return `${names.slice(0, mostNamesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
