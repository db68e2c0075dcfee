/** What the exit code of the program says; `docs/cli.md` lists them. */
export const exitCodes = {
  ok: { code: 0, meaning: 'It is done.' },
  refused: {
    code: 1,
    meaning: 'The server refused it, the function failed, or the code cannot be sent as it is.',
  },
  usage: {
    code: 2,
    meaning: 'The command line is wrong: an unknown option, a missing argument, a bad value.',
  },
  unreachable: { code: 3, meaning: 'The server cannot be reached.' },
  notAllowed: { code: 4, meaning: 'The key is missing or wrong, or does not allow it.' },
  notFound: { code: 5, meaning: 'There is no such function, version, call, event, schedule, key or secret.' },
  interrupted: { code: 130, meaning: 'You ended it with Ctrl-C.' },
} as const;

export type Exit = keyof typeof exitCodes;
