/** For `node --import`: each SIGUSR2 moves the wall clock, first a day forward, then two days back, and so on. */
const dayMs = 86_400_000;
const jumps = [dayMs, -2 * dayMs];
const RealDate = Date;
let offsetMs = 0;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offsetMs;
  }
};

process.on('SIGUSR2', () => {
  offsetMs += jumps[0] ?? 0;
  jumps.push(jumps.shift() ?? 0);
});
