import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Terminal } from './terminal.js';

const program = fileURLToPath(new URL('../../cli/bin/glambdar.js', import.meta.url));

export interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody who uses `glambdar` in a shell: a home, a directory for their files, and the Node.js that the machine has. */
export class CommandLine {
  private constructor(
    readonly home: string,
    private readonly variables: NodeJS.ProcessEnv,
  ) {}

  static async create(variables: Readonly<Record<string, string>> = {}): Promise<CommandLine> {
    const home = await mkdtemp(join(tmpdir(), 'gl-cli-'));
    const bin = join(home, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'glambdar'), `#!/bin/sh\nexec '${machinesNode()}' '${program}' "$@"\n`);
    await chmod(join(bin, 'glambdar'), 0o755);
    const { PATH = '' } = process.env;
    return new CommandLine(home, {
      PATH: `${bin}${delimiter}${PATH}`,
      HOME: home,
      LANG: 'C.UTF-8',
      ...variables,
    });
  }

  /** The same person with other variables. */
  with(variables: Readonly<Record<string, string>>): CommandLine {
    return new CommandLine(this.home, { ...this.variables, ...variables });
  }

  /** What a command line prints in pipes, with standard input as given. */
  run(commandLine: string, stdin = ''): Promise<Printed> {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.home, env: this.variables, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile('bash', ['-c', commandLine], options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : Number(error.code);
        if (Number.isNaN(exitCode)) reject(new Error(`${commandLine} has no exit code`, { cause: error }));
        else resolve({ exitCode, stdout, stderr });
      });
      child.stdin?.on('error', () => undefined).end(stdin);
    });
  }

  terminal(commandLine: string): Terminal {
    return new Terminal(`sh -c 'cd "$HOME"; exec ${commandLine.replaceAll("'", `'\\''`)}'`, this.variables);
  }

  remove(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}

/** Not the project's own, which is newer than what the command line needs. */
function machinesNode(): string {
  const { PATH = '' } = process.env;
  const own = PATH.split(delimiter).filter((directory) => !directory.includes('node_modules'));
  const env = { ...process.env, PATH: own.join(delimiter), NODE_OPTIONS: '' };
  return execFileSync('sh', ['-c', 'command -v node'], { env, encoding: 'utf8' }).trim();
}
