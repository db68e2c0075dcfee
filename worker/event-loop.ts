/** What alone keeps the process running while nothing of the function does: the connection to the host. */
export interface Connection {
  ref(): unknown;
  unref(): unknown;
}

/**
 * Calls `onEmpty` when the function has nothing under way any more, no timer, request or listener: whatever has not
 * happened by then never will. Gives what ends the waiting before.
 */
export function whenEmpty(connection: Connection, onEmpty: () => void): () => void {
  const end = () => {
    process.off('beforeExit', onBeforeExit);
    connection.ref();
  };
  const onBeforeExit = () => {
    end();
    onEmpty();
  };
  process.on('beforeExit', onBeforeExit);
  connection.unref();
  return end;
}
