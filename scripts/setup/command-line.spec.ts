import { asksForHelp, parseCommandLine } from './command-line.mjs';

const commandLine = {
  usage: 'node scripts/do.mjs <what> [how]',
  options: { quick: { type: 'boolean' }, only: { type: 'string' } },
  positionals: ['<what>', '[how]'],
} as const;

const exitCodeOf = (work: () => unknown): number => {
  try {
    work();
  } catch (error) {
    return (error as { exitCode: number }).exitCode;
  }
  return 0;
};

describe('the command line of a script', () => {
  it('is options and what stands in its places', () => {
    expect(parseCommandLine(commandLine, ['a', '--only=x', 'b'])).toEqual({
      values: { only: 'x' },
      positionals: ['a', 'b'],
    });
  });

  it.each([
    [['a', '--fast'], /^Unknown option '--fast'\.\n/],
    [['a', '-x'], /^Unknown option '-x'\.\n/],
    [['a', '--only'], /only/],
    [['a', '--quick=yes'], /quick/],
    [['a', 'b', 'c'], /"c"/],
    [[], /<what> is missing/],
  ])('is refused as %j, with what is wrong, how it is called, and exit code 2', (args, wrong) => {
    const parse = () => parseCommandLine(commandLine, args);
    expect(parse).toThrow(wrong);
    expect(parse).toThrow(commandLine.usage);
    expect(exitCodeOf(parse)).toBe(2);
  });

  it.each([
    [['--help'], true],
    [['a', '-h'], true],
    [['--', '--help'], false],
    [['help'], false],
    [[], false],
  ])('asks for help as %j: %s', (args, isAsking) => {
    expect(asksForHelp(args)).toBe(isAsking);
  });
});
