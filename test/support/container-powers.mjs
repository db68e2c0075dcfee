/** Runs inside a container in the worker's place and prints, as JSON, what a function could see and do there. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import { scrypt } from 'node:crypto';

const lines = (path) => readFileSync(path, 'utf8').trim().split('\n');

const status = Object.fromEntries(lines('/proc/self/status').map((line) => line.split(/:\s*/)));
const pick = (names) => Object.fromEntries(names.map((name) => [name, status[name].trim()]));

const mounts = Object.fromEntries(
  lines('/proc/self/mountinfo')
    .map((line) => line.split(' '))
    .map((fields) => [
      fields[4],
      fields[5]
        .split(',')
        .filter((option) => option !== 'relatime')
        .sort()
        .join(','),
    ])
    .filter(([target]) => /^\/($|etc\/hosts$|glambdar|tmp|dev\/shm|runtime)/.test(target)),
);

const limits = Object.fromEntries(
  lines('/proc/self/limits')
    .slice(1)
    .map((line) => line.split(/\s{2,}/))
    .filter(([name]) => /open files|core file|file size|locked memory|pending signals|msgqueue/.test(name))
    .map(([name, soft, hard]) => [name, `${soft}/${hard}`]),
);

/** The first of these files that there is: version 1 of cgroups, then version 2. */
function cgroupValue(...paths) {
  const path = paths.find((candidate) => existsSync(`/sys/fs/cgroup/${candidate}`));
  return lines(`/sys/fs/cgroup/${path}`)[0];
}
const cgroup = {
  memoryMiB: Number(cgroupValue('memory/memory.limit_in_bytes', 'memory.max')) / 1024 / 1024,
  pids: Number(cgroupValue('pids/pids.max', 'pids.max')),
  cpuQuotaUs: Number(cgroupValue('cpu/cpu.cfs_quota_us', 'cpu.max').split(' ')[0]),
};

function outcomeOfWriting(directory) {
  try {
    writeFileSync(`${directory}/written`, 'x');
    rmSync(`${directory}/written`);
    return 'writable';
  } catch (error) {
    return error.code;
  }
}
const places =
  '/ /glambdar /glambdar/code /runtime/worker /usr/local/bin /etc /dev /dev/shm /proc/sys/kernel /sys/fs/cgroup /tmp';
const writing = Object.fromEntries(places.split(' ').map((place) => [place, outcomeOfWriting(place)]));

const connection = async (url) => {
  try {
    await fetch(url, { signal: AbortSignal.timeout(60_000) });
    return 'connected';
  } catch (error) {
    return error.cause?.code ?? error.name;
  }
};
const server = createServer((_request, response) => response.end()).listen(0);
const connecting = {
  'a public address': await connection('http://1.1.1.1/'),
  'the metadata service': await connection('http://169.254.169.254/'),
  'the engine’s bridge': await connection('http://172.17.0.1:8000/'),
  localhost: await connection(`http://localhost:${server.address().port}/`),
};
server.close();

const node = {
  thread: await new Promise((resolve) => new Worker('process.exit(3)', { eval: true }).on('exit', resolve)),
  child: spawnSync(process.execPath, ['-p', '6 * 7']).stdout.toString().trim(),
  zlib: (await promisify(gzip)('x')).length > 0,
  crypto: (await promisify(scrypt)('a', 'b', 16)).length,
  heapLimitMiB: Number(process.execArgv[0].split('=')[1]),
};

writeFileSync('/tmp/program', readFileSync('/glambdar/probe'), { mode: 0o755 });
const powers = {
  user: { uid: process.getuid(), gid: process.getgid(), groups: process.getgroups() },
  process: pick(['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp']),
  firstProcess: lines('/proc/1/comm')[0],
  oomScoreAdj: lines('/proc/self/oom_score_adj')[0],
  workingDirectory: process.cwd(),
  environment: Object.keys(process.env)
    .filter((name) => name !== 'HOSTNAME')
    .sort(),
  home: process.env.HOME,
  networkInterfaces: lines('/proc/net/dev')
    .slice(2)
    .map((line) => line.split(':')[0].trim()),
  mounts,
  writing,
  'a program in /tmp': spawnSync('/tmp/program').error?.code ?? 'runs',
  limits,
  cgroup,
  connecting,
  node,
};
const probe = spawnSync('/glambdar/probe').stdout.toString('base64');
process.stdout.write(`${JSON.stringify({ powers, probe })}\n`);
