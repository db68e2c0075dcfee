/** Whether only this machine reaches the address; IPv4 may be written as IPv6 (`::ffff:127.0.0.1`). */ export function isLoopback(address) {
    return address === '::1' || /^(::ffff:)?127\./.test(address);
}

//# sourceMappingURL=loopback.js.map