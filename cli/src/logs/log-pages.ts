import { getLogs, type GetLogsData, type LogPage } from '@glambdar/client';
import type { Server } from '../api/server.js';

export type LogQuery = NonNullable<GetLogsData['query']>;

/** The server answers at most so many at once. */
const longestPage = 1000;

/**
 * The newest lines, newest last, from as many answers as they need. The server looks at a part of the log for each
 * answer, so a page can be short, or empty, and not be the first.
 */
export async function newestLines(
  server: Server,
  name: string,
  query: LogQuery,
  mostLines: number,
): Promise<LogPage> {
  const pages: LogPage['lines'][] = [];
  let missing = mostLines;
  let before: number | null = null;
  do {
    const limit = Math.min(missing, longestPage);
    const page: LogPage = await server.answer(
      getLogs({
        client: server.client,
        path: { name },
        query: { ...query, limit, ...(before === null ? {} : { before }) },
      }),
    );
    pages.unshift(page.lines);
    missing -= page.lines.length;
    before = page.before;
  } while (missing > 0 && before !== null);
  return { function: name, lines: pages.flat(), before };
}
