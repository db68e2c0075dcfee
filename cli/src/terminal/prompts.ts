import type { Input, Output } from '../host.js';
import type { Ask, Choice } from './ask.js';
import { Interrupted } from '../errors/command-error.js';

/** Questions are written to standard error, so that standard output is the result alone. */
export function askOnTerminal({ input, output }: { readonly input: Input; readonly output: Output }): Ask {
  const at = { input, output };
  const load = () => import('@clack/prompts');
  return {
    isPossible: input.isTTY === true && output.isTTY === true,
    async hidden(message) {
      const { password, isCancel } = await load();
      const answer = await password({ ...at, message });
      if (isCancel(answer)) throw new Interrupted();
      return answer;
    },
    async confirm(message) {
      const { confirm, isCancel } = await load();
      const answer = await confirm({ ...at, message, initialValue: false });
      if (isCancel(answer)) throw new Interrupted();
      return answer;
    },
    async text(message, { initial, check } = {}) {
      const { text, isCancel } = await load();
      const answer = await text({
        ...at,
        message,
        ...(initial === undefined ? {} : { initialValue: initial }),
        validate: (value) => check?.(value ?? ''),
      });
      if (isCancel(answer)) throw new Interrupted();
      return answer;
    },
    async choose<T extends string>(message: string, choices: readonly Choice<T>[]) {
      const { select, isCancel } = await load();
      const answer = await select<string>({
        ...at,
        message,
        options: choices.map((choice) => ({ ...choice })),
      });
      if (isCancel(answer)) throw new Interrupted();
      return answer as T;
    },
  };
}
