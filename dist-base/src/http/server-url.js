/** The URL at which this machine reaches the server, also when it listens on all addresses. */ export function serverUrl({ address, family, port }) {
    if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
    return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

//# sourceMappingURL=server-url.js.map