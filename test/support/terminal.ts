import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

/**
 * A shell command in a terminal of its own, 100 columns wide, which shows what is typed as long as the program lets it.
 * The terminal is that of `script`, which every Linux system has (package bsdutils).
 */
export class Terminal {
  readonly ended: Promise<number>;
  private readonly child: ChildProcessWithoutNullStreams;
  private shown = '';

  constructor(command: string, env: NodeJS.ProcessEnv) {
    const inTerminal = `stty cols 100; exec ${command}`;
    const words = [
      '--quiet',
      '--flush',
      '--return',
      '--echo',
      'always',
      '--command',
      inTerminal,
      '/dev/null',
    ];
    this.child = spawn('script', words, { env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' } });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.shown += text));
    this.ended = once(this.child, 'close').then(([exitCode]) => exitCode as number);
  }

  /** Everything that it has shown, escape sequences included, with plain line ends. */
  get text(): string {
    return this.shown.replaceAll('\r\n', '\n');
  }

  /** Waits until it shows this; rejects when it ends without. */
  async shows(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      const more = once(this.child.stdout, 'data').then(() => undefined);
      if ((await Promise.race([more, this.ended])) !== undefined && !this.text.includes(text))
        throw new Error(`It ended without ${JSON.stringify(text)}: ${JSON.stringify(this.text)}`);
    }
  }

  type(keys: string): void {
    this.child.stdin.write(keys);
  }

  /** As a person at a keyboard does it. */
  pressCtrlC(): void {
    this.type('\u0003');
  }
}
