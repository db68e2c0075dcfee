/** Of this software, as in `package.json`; a test keeps them the same, because the build leaves that file behind. */
export const softwareVersion = '0.1.0';
