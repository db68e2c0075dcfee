/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The last id that was given, by this event or an earlier one. */
  readonly id: string | undefined;
}

/** Takes a stream of server-sent events apart, in whatever pieces it arrives; comments are heartbeats and say nothing. */
export class EventParser {
  private rest = '';
  private id: string | undefined;

  push(text: string): ServerEvent[] {
    const blocks = (this.rest + text).split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => this.parse(block));
  }

  private parse(block: string): ServerEvent[] {
    let event = 'message';
    const data: string[] = [];
    for (const line of block.split(/\r?\n/)) {
      const [, field, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') this.id = value;
    }
    return data.length === 0 ? [] : [{ event, data: data.join('\n'), id: this.id }];
  }
}
