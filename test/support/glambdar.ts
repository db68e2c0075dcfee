import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line's. */
export const glambdarProgram = fileURLToPath(new URL('../../cli/bin/glambdar.js', import.meta.url));

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a person who has no profile and names the server. */
export function personsEnvironment(url: string, configDirectory: string): NodeJS.ProcessEnv {
  return { ...process.env, GLAMBDAR_URL: url, XDG_CONFIG_HOME: configDirectory, NODE_OPTIONS: '' };
}

/** Runs the command line to its end, without a terminal and with nothing piped in. */
export function runGlambdar(cwd: string, env: NodeJS.ProcessEnv, words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [glambdarProgram, ...words],
      { cwd, env },
      (_error, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}
