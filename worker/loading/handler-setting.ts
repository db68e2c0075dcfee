/** As the server takes the setting. */
const settable = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*\.[A-Za-z_$][\w$]*$/;
const longestSetting = 128;

export interface HandlerSetting {
  /** The entry file without its ending. */
  readonly stem: string;
  readonly exportName: string;
}

export function parseHandler(handler: string): HandlerSetting {
  const dot = handler.lastIndexOf('.');
  return { stem: handler.slice(0, dot), exportName: handler.slice(dot + 1) };
}

/** The advice to name another file or export; undefined for one that the setting cannot name. */
export function setHandlerTo(stem: string, exportName: string): string | undefined {
  const handler = `${stem}.${exportName}`;
  if (!settable.test(handler) || handler.length > longestSetting) return undefined;
  return `set \`handler\` to "${handler}"`;
}
