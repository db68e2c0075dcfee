import { statfs } from 'node:fs/promises';
import { ApiProperty } from '../common/openapi/documentation.js';

/** The disk that a directory is on. */
export class Disk {
  @ApiProperty({ type: 'integer', description: 'Free for the server.', example: 21_474_836_480 })
  readonly freeBytes: number;

  @ApiProperty({ type: 'integer', example: 53_687_091_200 })
  readonly totalBytes: number;

  constructor(freeBytes: number, totalBytes: number) {
    this.freeBytes = freeBytes;
    this.totalBytes = totalBytes;
  }
}

/** Null if it cannot be read. Never rejects. */
export async function diskOf(directory: string): Promise<Disk | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return new Disk(bavail * bsize, blocks * bsize);
  } catch {
    return null;
  }
}
