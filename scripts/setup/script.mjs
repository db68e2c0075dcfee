/** How each script ends: its exit code, or one sentence when it could not do its work. */
import { SetupError } from './setup-error.mjs';

/**
 * Runs a script's body and sets the exit code that it resolves to (0 for none).
 * @param {() => Promise<number | void>} body
 */
export async function runScript(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.exitCode = error.exitCode;
    if (error.evidence !== '') console.error(error.evidence.trimEnd());
    console.error(`\n${error.message}`);
  }
}
