import { compact, figure, isReached, median, p99, targetText, valueText } from '../bench/figure.js';
import { parseAnswer } from '../bench/load/connection.js';
import { readOptions, ROW_IDS } from '../bench/options.mjs';
import { linesOf, markdownTables, type Report } from '../bench/report/report.js';
import { chooseRows, planRuns, ROWS } from '../bench/rows.js';
import { busyMs, processMs } from '../bench/system/cpu-time.js';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the statistics of the benchmark', () => {
  it('are samples that were measured, by nearest rank', () => {
    expect(median([4, 1, 3, 2])).toBe(2);
    expect(p99(upTo(1000))).toBe(990);
  });

  it('take the worst as p99 of fewer than a hundred', () => {
    expect(p99(upTo(99))).toBe(99);
    expect(p99(upTo(100))).toBe(99);
  });

  it('are no number without samples', () => {
    expect(median([])).toBeNaN();
  });

  it('keep few samples in order and count many by their value', () => {
    expect(compact([3, 1, 2.123])).toEqual([3, 1, 2.12]);
    expect(compact(upTo(3000).map((n) => n % 2))).toEqual([
      { value: 0, count: 1500 },
      { value: 1, count: 1500 },
    ]);
  });
});

describe('a figure', () => {
  it('reaches a target that it meets exactly', () => {
    expect(isReached(figure('median', 2.5, 'ms', { atMost: 2.5 }))).toBe(true);
    expect(isReached(figure('ratio', 1.19, 'x', { atLeast: 1.2 }))).toBe(false);
  });

  it('that could not be measured misses its target', () => {
    expect(isReached(figure('median', Number.NaN, 'ms', { atMost: 2.5 }))).toBe(false);
    expect(isReached(figure('ratio', Number.NaN, 'x', { atLeast: 1 }))).toBe(false);
  });

  it('without a target is neither', () => {
    expect(isReached(figure('median', 1, 'ms'))).toBeUndefined();
  });

  it('is written with its unit', () => {
    const written = figure('calls per second', 6123.4, 'calls/s', { atLeast: 6000 });
    expect([valueText(written), targetText(written)]).toEqual(['6,123 calls/s', 'at least 6000 calls/s']);
  });
});

describe('the answer of a server', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json';

  it('is complete when its declared length has come', () => {
    const received = `${head}\r\nContent-Length: 4\r\n\r\n"ok"`;
    expect(parseAnswer(received.slice(0, -1))).toBeUndefined();
    expect(parseAnswer(received)).toMatchObject({ status: 200, body: '"ok"' });
  });

  it('is complete with the last of its chunks', () => {
    const received = `${head}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`;
    expect(parseAnswer(received.slice(0, -5))).toBeUndefined();
    expect(parseAnswer(received)).toMatchObject({ status: 200 });
  });
});

describe('the choice of rows', () => {
  it('is all of them, each with an id of its own', () => {
    expect(chooseRows([])).toBe(ROWS);
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  });

  it('adds what a ratio is built on, and keeps the order', () => {
    expect(chooseRows(['warm', 'fresh-gentle']).map(({ id }) => id)).toEqual([
      'docker-run',
      'fresh-gentle',
      'warm',
    ]);
  });

  it('measures what is needed before what needs it', () => {
    const ids = ROWS.map(({ id }) => id);
    for (const [index, { needs }] of ROWS.entries()) {
      for (const needed of needs) expect(ids.slice(0, index)).toContain(needed);
    }
  });

  it('is of the rows that the command line knows', () => {
    expect(ROWS.map(({ id }) => id)).toEqual(ROW_IDS);
  });

  it('refuses a row that there is not, naming those that there are', () => {
    expect(() => readOptions(['--only', 'cold,lukewarm'])).toThrow(
      /no row lukewarm; there are docker-run, cold/,
    );
  });

  it('comes from the command line', () => {
    expect(readOptions(['--only', 'warm,flood', '--quick', '--engine', 'oci'])).toEqual({
      isQuick: true,
      engines: ['oci'],
      only: ['warm', 'flood'],
      out: undefined,
    });
    expect(() => readOptions(['--fast'])).toThrow(/npm run bench/);
  });
});

describe('the engines of a run', () => {
  const planned = (only: string[], engines: ('docker' | 'oci')[]) =>
    planRuns(chooseRows(only), engines).map(({ row, engine }) => `${row.id} ${engine ?? '-'}`);

  it('are both unless one is chosen', () => {
    expect(readOptions([]).engines).toEqual(['docker', 'oci']);
    expect(readOptions(['--engine', 'docker']).engines).toEqual(['docker']);
  });

  it('are refused where there is none of that name', () => {
    expect(() => readOptions(['--engine', 'podman'])).toThrow(
      /no engine podman: --engine takes docker, oci or both/,
    );
  });

  it('take turns within a row that depends on them; docker run is measured once', () => {
    expect(planned(['fresh-burst', 'fresh-cpu'], ['docker', 'oci'])).toEqual([
      'docker-run -',
      'fresh-burst docker',
      'fresh-burst oci',
      'fresh-cpu docker',
      'fresh-cpu oci',
    ]);
  });

  it('is the first for a row that does not depend on them, and its own for one that only one of them has', () => {
    expect(planned(['warm', 'cold-gvisor'], ['docker', 'oci'])).toEqual(['cold-gvisor oci', 'warm docker']);
    expect(planned(['warm', 'cold-gvisor'], ['docker'])).toEqual(['warm docker']);
  });
});

describe('a report', () => {
  const row = { id: 'cold', title: 'cold calls', seconds: 1 };
  const measured = (engine: 'docker' | 'oci', ms: number) => ({
    ...row,
    engine,
    result: { figures: [figure('median', ms, 'ms', { atMost: 75 })], samples: {} },
  });

  it('has one table for a row, with a line for each engine', () => {
    const rows = [measured('docker', 134), measured('oci', 60.5)];
    const table = markdownTables({ rows, machine: {} } as unknown as Report);
    expect(table.split('\n').slice(-6)).toEqual([
      '### cold calls',
      '',
      '| engine | figure | measured | to reach | |',
      '|---|---|---:|---|---|',
      '| docker | median | 134 ms | at most 75 ms | MISSED |',
      '| oci | median | 60.5 ms | at most 75 ms | reached |',
    ]);
  });

  it('says of which engine there is no figure, and why', () => {
    expect(linesOf({ ...row, engine: 'oci', failure: 'no crun' })).toMatchObject([
      { engine: 'oci', name: 'not measured: no crun', mark: 'ERROR' },
    ]);
  });
});

describe('CPU time', () => {
  it('of the machine is what it worked, not what it waited or what was taken from it', () => {
    expect(busyMs('cpu  100 20 3 9999 9999 4 5 9999 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toBe(1_320);
  });

  it('of a process includes its ended children, whatever it is called', () => {
    expect(processMs('7 (a ) 1 2) S 1 7 7 0 -1 0 0 0 0 0 10 20 3 4 20 0 1 0')).toBe(370);
  });
});
