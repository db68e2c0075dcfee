/** What a script is called with: `--help` shows its usage, and what it does not know is refused with exit code 2. */
import { parseArgs } from 'node:util';
import { UsageError } from './script.mjs';

/**
 * @typedef {object} CommandLine
 * @property {string} usage what the script does and how it is called
 * @property {import('node:util').ParseArgsOptionsConfig} [options]
 * @property {readonly string[]} [positionals] their names; those in brackets may be left out
 */

/**
 * @typedef {{ [name: string]: string | boolean | (string | boolean)[] | undefined }} OptionValues
 * @typedef {{ values: OptionValues, positionals: string[] }} Arguments
 */

/**
 * @param {readonly string[]} args
 * @returns {boolean} whether the usage is asked for; what follows a `--` is somebody else's
 */
export function asksForHelp(args) {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).some((word) => word === '--help' || word === '-h');
}

/**
 * @param {CommandLine} commandLine
 * @param {readonly string[]} args
 * @returns {Arguments}
 * @throws {UsageError} for what it does not know or lacks
 */
export function parseCommandLine({ usage, options = {}, positionals: names = [] }, args) {
  const { values, positionals } = parsed({ usage, options }, args);
  const unknown = positionals[names.length];
  if (unknown !== undefined)
    throw new UsageError(`There is nothing to do with ${JSON.stringify(unknown)}.`, usage);
  const missing = names[positionals.length];
  if (missing !== undefined && !missing.startsWith('['))
    throw new UsageError(`${missing} is missing.`, usage);
  return { values, positionals };
}

/**
 * The arguments of this process. Ends it here where there is nothing to do but to say how it is called.
 * @param {CommandLine} commandLine
 * @returns {Arguments}
 */
export function readCommandLine(commandLine) {
  const args = process.argv.slice(2);
  helpIfAsked(commandLine.usage);
  try {
    return parseCommandLine(commandLine, args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return process.exit(error.exitCode);
  }
}

/** Shows the usage and ends, where that is what is wanted. @param {string} usage */
export function helpIfAsked(usage) {
  if (!asksForHelp(process.argv.slice(2))) return;
  console.log(usage);
  process.exit(0);
}

/**
 * @param {Required<Omit<CommandLine, 'positionals'>>} commandLine
 * @param {readonly string[]} args
 * @returns {Arguments}
 */
function parsed({ usage, options }, args) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: { ...values }, positionals };
  } catch (error) {
    // Its first sentence: what follows is how a value is written that begins with a dash.
    const [problem] = /** @type {Error} */ (error).message.split('. ');
    throw new UsageError(`${problem}.`, usage);
  }
}
