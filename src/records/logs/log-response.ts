import { ApiProperty } from '../../common/openapi/documentation.js';
import {
  lineLevels,
  linePhases,
  lineStreams,
  type LineLevel,
  type LinePhase,
  type LineStream,
} from '../../sandbox/sandbox-events.js';
import type { LinePage, LogLine } from '../store/record-store.js';

/** One line as the API shows it. */
export class LogLineResponse {
  @ApiProperty({
    type: 'integer',
    description: 'Increases from line to line; use it in `before` and `Last-Event-ID`.',
    example: 42,
  })
  readonly sequence: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly at: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The call that printed the line; null outside calls.',
    example: '5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c',
  })
  readonly invocationId: string | null;

  @ApiProperty({ type: 'integer', description: 'The version that printed the line.', example: 1 })
  readonly version: number;

  @ApiProperty({
    type: 'integer',
    description: 'The revision: version, settings and secrets together.',
    example: 1,
  })
  readonly revision: number;

  @ApiProperty({
    enum: linePhases,
    example: 'call',
    description:
      "`load`: before the container's first call; `call`: during a call or right after it; `idle`: between calls.",
  })
  readonly phase: LinePhase;

  @ApiProperty({
    enum: lineStreams,
    description:
      "`runtime` marks the server's own lines, for example about a call that timed out; nothing that a function prints is ever shown as `runtime`.",
  })
  readonly stream: LineStream;

  @ApiProperty({ enum: lineLevels, example: 'info' })
  readonly level: LineLevel;

  @ApiProperty({
    description:
      'As the function printed it, without the line feed; it can contain anything. Bytes that are not UTF-8 become U+FFFD.',
    example: 'hello',
  })
  readonly text: string;

  @ApiProperty({ description: 'The line was too long; its end is missing.', example: false })
  readonly truncated: boolean;

  @ApiProperty({
    type: 'integer',
    description: 'Bytes printed before this line that were dropped because the call printed too much.',
    example: 0,
  })
  readonly droppedBytes: number;

  constructor(line: LogLine) {
    this.sequence = line.sequence;
    this.at = new Date(line.atMs).toISOString();
    this.invocationId = line.invocationId;
    this.version = line.function.version;
    this.revision = line.function.revision;
    this.phase = line.phase;
    this.stream = line.stream;
    this.level = line.level;
    this.text = line.text;
    this.truncated = line.isCut;
    this.droppedBytes = line.droppedBytes;
  }
}

export class LogPage {
  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ type: [LogLineResponse], description: 'Newest last.' })
  readonly lines: readonly LogLineResponse[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'The `before` of the previous page; null if there is none. A page may have fewer lines than you asked for, because the number of lines searched for one page is limited.',
    example: null,
  })
  readonly before: number | null;

  constructor(name: string, { lines, next }: LinePage) {
    this.function = name;
    this.lines = lines.map((line) => new LogLineResponse(line));
    this.before = next;
  }
}
