/**
 * For `node --import`: an hour passes on the wall clock within minutes, and ends now, so that plots show an hour and not
 * their first minutes. All processes and threads of a server agree, because they are told when it began.
 */
const HOUR_MS = 3_600_000;
const beganMs = Number(process.env['FAST_CLOCK_BEGAN_MS']);
const lastsMs = Number(process.env['FAST_CLOCK_LASTS_MS']);
const RealDate = Date;

function nowMs() {
  const passed = Math.min(1, (RealDate.now() - beganMs) / lastsMs);
  return RealDate.now() - Math.round(HOUR_MS * (1 - passed));
}

globalThis.Date = /** @type {DateConstructor} */ (
  class extends RealDate {
    /** @param {[] | [number]} given */
    constructor(...given) {
      super(...(given.length === 0 ? /** @type {[number]} */ ([nowMs()]) : given));
    }

    /** @override */
    static now() {
      return nowMs();
    }
  }
);
