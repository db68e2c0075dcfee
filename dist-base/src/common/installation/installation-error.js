/** The server cannot use its directory. `message` is for whoever started it, names the directory and says what to do. */ export class InstallationError extends Error {
    name = 'InstallationError';
}

//# sourceMappingURL=installation-error.js.map