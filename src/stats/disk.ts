import type { DiskSpace } from '../common/installation/disk-space.js';
import { ApiProperty } from '../common/openapi/documentation.js';

/** The disk that the server's directory is on. */
export class Disk {
  @ApiProperty({ type: 'integer', description: 'Free for the server.', example: 21_474_836_480 })
  readonly freeBytes: number;

  @ApiProperty({ type: 'integer', example: 53_687_091_200 })
  readonly totalBytes: number;

  constructor({ free, total }: DiskSpace) {
    this.freeBytes = free;
    this.totalBytes = total;
  }
}
