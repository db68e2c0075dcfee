/**
 * The conversation between host and worker, compiled into both. docs/ipc-protocol.md is its prose.
 *
 *   worker                     host
 *   hello            ->
 *                    <-        load         (a stem gets it late)
 *   log*             ->
 *   ready|loadError  ->
 *                    <-        invoke + body
 *   log*             ->
 *   result|error     ->
 *   chunk*, log*     ->                     (after a result that streams)
 *                    <-        credit*
 *   end|error        ->
 *   log*, ready      ->                     (then, when warm, invoke again)
 *
 * The host ends the conversation by closing the socket: the worker ends its process then.
 * The worker shares its process with the function: the host treats every byte it sends as hostile.
 */ export const protocolVersion = 2;
/** Where the host's run directory and the function's code appear inside the container. */ export const socketPathInContainer = '/glambdar/socket';
export const codePathInContainer = '/glambdar/code';
/** The JSON of `log` frames, byte for byte: prints are many, so both sides use it as it stands. */ export const logJson = {
    stdout: '{"type":"log","stream":"stdout"}',
    stderr: '{"type":"log","stream":"stderr"}'
};
/** The JSON of `chunk` frames, for the same reason. */ export const chunkJson = '{"type":"chunk"}';
/** The JSON of `ready` frames: one for each call of a warm function. */ export const readyJson = '{"type":"ready"}';

//# sourceMappingURL=messages.js.map