import type { StatsServer } from '@glambdar/client';
import { bytes, count, counted } from '../../format/units.js';
import { RelativeTime } from '../../parts/relative-time.js';
import { Tile } from '../../parts/tile.js';

const bytesPerMiB = 1024 ** 2;

/** The server at this moment. */
export function ServerTiles({ server }: { readonly server: StatsServer }) {
  const { running, waiting, readyContainers, prewarmedContainers, memory, engine, disk } = server;
  const isUp = engine.state === 'up';
  return (
    <section aria-label="The server now">
      <dl class="tiles">
        <Tile
          title="Running calls"
          value={count(running)}
          note={waiting === 0 ? 'none waits' : counted(waiting, 'more waits', 'more wait')}
        />
        <Tile
          title="Ready containers"
          value={count(readyContainers + prewarmedContainers)}
          note={`${count(readyContainers)} with a function, ${count(prewarmedContainers)} prewarmed`}
        />
        <Tile
          title="Memory kept ready"
          value={bytes(memory.containersMiB * bytesPerMiB)}
          note={`of ${bytes(memory.budgetMiB * bytesPerMiB)}`}
          taken={memory.budgetMiB === 0 ? 0 : memory.containersMiB / memory.budgetMiB}
        />
        <Tile
          title="Disk free"
          value={disk === null ? 'unknown' : bytes(disk.freeBytes)}
          note={disk === null ? undefined : `of ${bytes(disk.totalBytes)}`}
          taken={disk === null ? undefined : 1 - disk.freeBytes / disk.totalBytes}
        />
        <Tile
          title="Container engine"
          value={isUp ? 'Up' : 'Down'}
          tone={isUp ? undefined : 'bad'}
          note={
            <>
              server started <RelativeTime at={server.startedAt} />
            </>
          }
        />
      </dl>
    </section>
  );
}
