import { getSession } from '@glambdar/client';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { Server } from '../api/server.js';
import { CommandError, usageError } from '../errors/command-error.js';
import { isKey } from '../profile/profile.js';
import { isReadableOnTheWay, serverAddress } from '../profile/server-address.js';
import { done } from '../terminal/sentence.js';
import { readValue } from '../terminal/standard-input.js';

const longestKeyBytes = 4096;

export const addLogin: AddCommand = (program, context) => {
  const command = program
    .command('login')
    .description('Keep the address and the key of a server for the commands that follow.')
    .argument('<url>', 'the address of the server, such as https://functions.example.com')
    .action(async (text: string) => {
      const url = serverAddress(text);
      const key = await acceptedKey(url, context);
      const profile = context.profileName;
      await context.profiles.write(profile, key === undefined ? { url } : { url, key });
      if (key !== undefined && isReadableOnTheWay(url))
        context.printer.warn(
          `The key is sent to ${url} unencrypted. Use https where others share the network.`,
        );
      await context.printer.result(
        { profile, url, hasKey: key !== undefined },
        done(`Logged in to ${url}${key === undefined ? ', which needs no key' : ''} (profile "${profile}").`),
      );
    });
  withExamples(
    command,
    ['glambdar login http://127.0.0.1:8000', 'asks for the key, if the server needs one'],
    ['glambdar login https://functions.example.com --profile work < key.txt', 'reads the key from a file'],
  );
};

/** A key that the server takes; undefined where it needs none. */
async function acceptedKey(url: string, context: Context): Promise<string | undefined> {
  if (await isSignedIn(url, undefined, context)) return undefined;
  const key = await keyFromPerson(url, context);
  if (await isSignedIn(url, key, context)) return key;
  throw new CommandError(
    'notAllowed',
    `${url} does not accept this key.`,
    'Nothing is stored. Check that you copied all of it, and that it is not revoked or expired.',
  );
}

async function keyFromPerson(url: string, { host }: Context): Promise<string> {
  const { ask, stdin } = host;
  const key = ask.isPossible ? await ask.hidden(`Key for ${url}`) : await readValue(stdin, longestKeyBytes);
  if (isKey(key.trim())) return key.trim();
  throw usageError(
    key.trim() === '' ? `${url} needs a key.` : 'This is not a key.',
    'Pipe it in, `glambdar login URL < key.txt`, or type it when you are asked.',
  );
}

/** Whether the server knows whose key it is, or needs none. */
async function isSignedIn(url: string, key: string | undefined, { host }: Context): Promise<boolean> {
  const server = new Server({ url, key, chosenBy: 'the address you gave' }, host.interrupted);
  const { signedIn } = await server.answer(getSession({ client: server.client }));
  return signedIn;
}
