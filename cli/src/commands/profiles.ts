import type { AddCommand } from '../command.js';
import { table } from '../terminal/table.js';

export const addProfiles: AddCommand = (program, context) => {
  program
    .command('profiles')
    .description('List the servers that you have logged in to.')
    .action(async () => {
      const names = await context.profiles.names();
      const profiles = await Promise.all(
        names.map(async (name) => {
          const profile = await context.profiles.read(name);
          return { name, url: profile?.url ?? null, hasKey: profile?.key !== undefined };
        }),
      );
      await context.printer.result(
        profiles,
        table(
          profiles,
          [
            { head: 'name', value: ({ name }) => name, style: () => 'bold' },
            { head: 'url', value: ({ url }) => url },
            { head: 'key', value: ({ hasKey }) => (hasKey ? 'yes' : 'no') },
          ],
          'There are no profiles yet. Make one with `glambdar login URL`.',
        ),
      );
    });
};
