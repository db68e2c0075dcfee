import { ApiProperty } from '../../common/openapi/documentation.js';
import type { EventResult } from '../../events/event.js';

/** Invalid bytes are an error and not replaced, and a byte order mark is part of the text: what is shown as text is the body. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What the handler answered. */
export class EventResultResponse {
  @ApiProperty({ type: 'integer', example: 200 })
  readonly status: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    example: { 'content-type': 'application/json' },
  })
  readonly headers: EventResult['headers'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null if it was larger than the server keeps.',
    example: '{"sent":true}',
  })
  readonly body: string | null;

  @ApiProperty({ description: '`body` is base64, because its bytes are not UTF-8.', example: false })
  readonly isBase64Encoded: boolean;

  @ApiProperty({ type: 'integer', description: 'Bytes of the body that the handler returned.', example: 13 })
  readonly bytes: number;

  constructor({ status, headers, body, bodyBytes }: EventResult) {
    const text = body && textOf(body);
    this.status = status;
    this.headers = headers;
    this.body = body && (text ?? Buffer.from(body).toString('base64'));
    this.isBase64Encoded = body !== null && text === undefined;
    this.bytes = bodyBytes;
  }
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
