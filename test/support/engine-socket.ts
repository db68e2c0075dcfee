/** The engine that the integration tests run against, found as other Docker tools find it. */
export const engineSocketPath =
  (process.env['DOCKER_HOST'] ?? '').replace(/^unix:\/\//, '') || '/var/run/docker.sock';
