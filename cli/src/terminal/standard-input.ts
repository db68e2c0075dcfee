import { CommandError } from '../errors/command-error.js';
import type { Input } from '../host.js';

/** Everything that is piped in, up to a limit. */
export async function readInput(stdin: Input, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > limitBytes)
      throw new CommandError(
        'usage',
        `Standard input is longer than ${limitBytes} bytes.`,
        'Pipe less into it.',
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** A value that is piped in, without the line end that `echo` adds. */
export async function readValue(stdin: Input, limitBytes: number): Promise<string> {
  return (await readInput(stdin, limitBytes)).toString('utf8').replace(/\r?\n$/, '');
}
