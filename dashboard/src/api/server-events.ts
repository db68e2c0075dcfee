/** One event of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  /** The last id that was sent, with this event or before. */
  readonly id: string;
}

/** A line of a log has kilobytes; whoever sends more than this without an end of the event sends no events. */
const longestEvent = 1024 * 1024;

/** Takes a stream of text apart into its events. Comments, which only keep the connection alive, are none. */
export class ServerEventParser {
  private rest = '';
  private name = '';
  private data: string[] = [];
  private id = '';

  /** The events that are complete with this text. Throws for one without an end. */
  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    // A carriage return at the end may be half of a line's end.
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.note(line);
      else events.push(...this.dispatched());
    }
    const length = this.data.reduce((sum, part) => sum + part.length, this.rest.length);
    if (length > longestEvent) throw new RangeError('An event of the stream does not end.');
    return events;
  }

  private note(line: string): void {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
  }

  private dispatched(): ServerEvent[] {
    const { name, data, id } = this;
    this.name = '';
    this.data = [];
    return data.length === 0 ? [] : [{ name: name || 'message', data: data.join('\n'), id }];
  }
}
