import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const ipcSettings = settingsGroup('ipc', {
  frameTimeoutMs: integer({
    variable: 'GLAMBDAR_IPC_FRAME_TIMEOUT_MS',
    meaning: "Longest time from the first to the last byte of a worker's message, in milliseconds.",
    defaultValue: 5000,
    min: 100,
    max: 60_000,
  }),
  maxResultBytes: integer({
    variable: 'GLAMBDAR_MAX_RESULT_BYTES',
    meaning: "Largest body of a function's response, in bytes.",
    defaultValue: 6 * 1024 * 1024,
    min: 64 * 1024,
    max: 64 * 1024 * 1024,
  }),
  maxStreamBytes: integer({
    variable: 'GLAMBDAR_MAX_STREAM_BYTES',
    meaning: 'Largest body of a streamed response, in bytes; it passes through and is never held as a whole.',
    defaultValue: 200 * 1024 * 1024,
    min: 64 * 1024,
    max: 1024 * 1024 * 1024 * 1024,
  }),
  maxResponseHeaders: integer({
    variable: 'GLAMBDAR_MAX_RESPONSE_HEADERS',
    meaning: "Most header lines of a function's response.",
    defaultValue: 64,
    min: 1,
    max: 1000,
  }),
  maxResponseHeaderBytes: integer({
    variable: 'GLAMBDAR_MAX_RESPONSE_HEADER_BYTES',
    meaning: "Longest header line of a function's response, name and value, in bytes.",
    defaultValue: 8 * 1024,
    min: 256,
    max: 32 * 1024,
  }),
  maxResponseHeadersBytes: integer({
    variable: 'GLAMBDAR_MAX_RESPONSE_HEADERS_BYTES',
    meaning: "Largest header block of a function's response, in bytes.",
    defaultValue: 16 * 1024,
    min: 256,
    max: 32 * 1024,
  }),
});

export type IpcSettings = SettingsOf<typeof ipcSettings>;
