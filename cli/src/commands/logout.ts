import type { AddCommand } from '../command.js';
import { done } from '../terminal/sentence.js';

export const addLogout: AddCommand = (program, context) => {
  program
    .command('logout')
    .description(
      'Forget the address and the key of a profile. The key stays valid: `glambdar keys revoke` ends it.',
    )
    .action(async () => {
      const { profileName: profile } = context;
      const removed = await context.profiles.remove(profile);
      const text = removed ? `Forgot the profile "${profile}".` : `There is no profile "${profile}".`;
      await context.printer.result({ profile, removed }, done(text));
    });
};
