/** Runs `unpack` where it cannot hold up or bring down the server. */ export class Unpacker {
}

//# sourceMappingURL=unpacker.js.map