import { CommandError, usageError } from '../errors/command-error.js';
import type { Environment } from '../host.js';
import { defaultProfile, isKey, profileName, type Profile } from './profile.js';
import { defaultAddress, serverAddress } from './server-address.js';

/** The server that a command talks to. */
export interface Target {
  readonly url: string;
  readonly key: string | undefined;
  /** What chose it, for messages. */
  readonly chosenBy: string;
}

/** The profile that is meant, and whether somebody has named it. */
export function chosenProfile(flag: string | undefined, environment: Environment) {
  const named = flag ?? present(environment['GLAMBDAR_PROFILE']);
  return { name: profileName(named ?? defaultProfile), isNamed: named !== undefined };
}

/**
 * `--profile` goes before the variables, and they before the profile that is used without it. A profile's key is sent to
 * the profile's own server only: who sets `GLAMBDAR_URL` to another one gives its key, too.
 */
export function chooseTarget(
  flag: string | undefined,
  environment: Environment,
  profile: Profile | undefined,
): Target {
  const { name, isNamed } = chosenProfile(flag, environment);
  if (isNamed && profile === undefined)
    throw new CommandError(
      'usage',
      `There is no profile "${name}".`,
      `Make it with \`glambdar login URL --profile ${name}\`; \`glambdar profiles\` lists those you have.`,
    );
  if (flag !== undefined && profile !== undefined)
    return { url: profile.url, key: profile.key, chosenBy: `the profile "${name}"` };
  const variableUrl = present(environment['GLAMBDAR_URL']);
  const url = variableUrl === undefined ? profile?.url : serverAddress(variableUrl);
  const ownKey = url === profile?.url ? profile?.key : undefined;
  return {
    url: url ?? defaultAddress,
    key: givenKey(environment) ?? ownKey,
    chosenBy:
      variableUrl !== undefined
        ? 'GLAMBDAR_URL'
        : profile === undefined
          ? 'the default address'
          : `the profile "${name}"`,
  };
}

function givenKey(environment: Environment): string | undefined {
  const key = present(environment['GLAMBDAR_KEY']);
  if (key === undefined || isKey(key)) return key;
  throw usageError(
    'GLAMBDAR_KEY is not a key.',
    'It has letters, digits, "_" and "-", and no spaces or line ends.',
  );
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
