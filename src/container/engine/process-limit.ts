/**
 * gVisor counts among a container's processes and threads: some are its own, and for each of the code's the machine has
 * several. Measured with Node.js processes, which have seven threads each: 51 with one of them, 207 with nine, 365 with
 * seventeen, where there are 8, 64 and 120 without gVisor.
 */
const ofGvisor = { own: 64, forEach: 3 };

/** The limit for which the code of a container may have this many processes and threads, whatever makes the container. */
export function processLimit(ociRuntime: string | undefined, processes: number): number {
  return ociRuntime === 'runsc' ? ofGvisor.own + ofGvisor.forEach * processes : processes;
}
