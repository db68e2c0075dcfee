import { Injectable } from '@nestjs/common';
import { diskSpaceOf } from '../common/installation/disk-space.js';
import { Installation } from '../common/installation/installation.js';
import { RecordWriter } from '../records/record-writer.js';
import { MetricsRegistry } from './metrics-registry.js';

/** What the server keeps, and the room for it. */
@Injectable()
export class StorageMetrics {
  constructor(metrics: MetricsRegistry, installation: Installation, records: RecordWriter) {
    metrics.readFrom(
      () => diskSpaceOf(installation.directory),
      [
        {
          type: 'gauge',
          name: 'glambdar_disk_free_bytes',
          help: 'Free space for the server on the disk of its directory; NaN if it cannot be read.',
          value: (space) => space?.free ?? Number.NaN,
        },
        {
          type: 'gauge',
          name: 'glambdar_disk_size_bytes',
          help: "Size of the disk of the server's directory; NaN if it cannot be read.",
          value: (space) => space?.total ?? Number.NaN,
        },
      ],
    );
    metrics.readFrom(
      () => records.dropped,
      [
        {
          type: 'counter',
          name: 'glambdar_records_lost_total',
          help: 'Log lines and records of calls that were not stored, because too many came or the disk failed.',
          value: (dropped) => dropped,
        },
      ],
    );
  }
}
