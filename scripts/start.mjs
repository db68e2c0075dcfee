/** `npm start`: sets up what is missing, then runs the server in the foreground. */
import { becomeProgram } from './setup/child-process.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { say } from './setup/progress.mjs';
import { projectNode, SERVER_ARGUMENTS, SERVER_ENVIRONMENT } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';

readCommandLine({
  usage: `npm start

Sets up what is missing (packages, build, engine, worker image), then serves until Ctrl-C.

It takes no arguments. Settings are environment variables, and each has a default. The main ones:

  GLAMBDAR_PORT          port to listen on, 0 for any free one (8000); if not set, PORT is used
  GLAMBDAR_HOST          address to listen on (127.0.0.1); for any other, create a key first
  GLAMBDAR_DIR           directory for everything the server keeps
                         (/var/lib/glambdar as root, else ~/.local/share/glambdar)
  GLAMBDAR_LOG_FORMAT    auto, text or json: text on a terminal, JSON elsewhere (auto)
  GLAMBDAR_LOG_LEVEL     debug, info, warn, error or silent (info)
  GLAMBDAR_ENGINE        docker, or oci: an OCI runtime (crun) run by the server itself, as root (docker)
  DOCKER_HOST            the Docker Engine's socket, if it is not the usual one: unix:///path/to/docker.sock

  GLAMBDAR_PORT=8080 GLAMBDAR_DIR=~/glambdar npm start

README.md shows the first function, docs/configuration.md lists every setting, docs/operations.md explains how to run
a server, and docs/access.md how to create keys (npm run keys -- --help).`,
});

await runScript(async () => {
  const { engine, environment } = await setUp();
  if (engine.isStartedHere)
    say('The Docker Engine was started for you and keeps running after the server ends.');
  return becomeProgram(projectNode(), SERVER_ARGUMENTS, { ...SERVER_ENVIRONMENT, ...environment });
});
