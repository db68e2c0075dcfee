import { withExamples, type AddCommand } from '../command.js';
import { words } from '../terminal/sentence.js';

export const addOpen: AddCommand = (program, context) => {
  const command = program
    .command('open')
    .description('Open the dashboard in your browser, and print its address.')
    .action(async () => {
      const { host, printer } = context;
      const url = `${(await context.target()).url}/ui/`;
      const opened = await host.browse(url);
      await printer.result({ url, opened }, words(url));
      if (!opened && printer.form === 'terminal')
        printer.remark('No browser can be opened here: open the address yourself.');
    });
  withExamples(command, ['glambdar open', 'opens the dashboard']);
};
