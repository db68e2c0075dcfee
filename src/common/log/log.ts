/** What a line is about, by name; an error goes under `err`. Never a secret, a header or a body. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured lines for whoever operates the server. Writing one never waits, never throws. */
export abstract class Log {
  abstract debug(fields: LogFields, message: string): void;
  abstract info(fields: LogFields, message: string): void;
  /** Something went wrong and was coped with. */
  abstract warn(fields: LogFields, message: string): void;
  /** Somebody has to look at this. */
  abstract error(fields: LogFields, message: string): void;
  /** A log whose lines all carry `fields` too. */
  abstract child(fields: LogFields): Log;
}
