import path from 'node:path';
import { functionName } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import { republish } from '../watching/republish.js';

export const addDev: AddCommand = (program, context) => {
  const command = program
    .command('dev')
    .description(
      'Work on a function: publish it to the server each time you save, and show its log. A save that does not load is ' +
        'told, and the version before goes on. Ctrl-C ends it; the function stays deployed.',
    )
    .argument('[dir]', 'its folder (default: the current one)')
    .option(
      '--name <name>',
      'The name of the function; that in glambdar.json or of the folder, if left out.',
      functionName,
    )
    .action(async (directory: string | undefined, { name }: { readonly name?: string }) => {
      const source = path.resolve(context.host.workingDirectory, directory ?? '.');
      const server = await context.server();
      await republish({ source, name, strict: false }, server, context, { isLogShown: true });
    });
  withExamples(command, ['glambdar dev', 'publishes the current folder each time a file in it is saved']);
};
