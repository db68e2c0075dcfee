/**
 * Which system calls a container may make: an allow-list, anything else fails.
 *
 * It starts from what Node, its worker threads, child processes and native add-ons use, and is tighter than the
 * engine's own default. What a function has no use for and the kernel has been attacked through is left out: ptrace
 * and process_vm_*, io_uring, kernel keys, userfaultfd, bpf, perf, every mount and namespace call, System V and POSIX
 * message queues, splice and its kin, device nodes, 32-bit calls (no sub-architectures). Calls that are newer than
 * the engine answer ENOSYS, so that a C library falls back.
 */
export interface SystemCallPolicy {
  /** Processors whose calls are known; a 32-bit call of theirs kills its thread. */
  readonly processors: readonly ('x86-64' | 'arm64')[];
  /** What fails when no rule allows it, and how. */
  readonly otherwise: 'EPERM';
  /** Rules of one system call are alternatives: it is allowed when any of them holds. */
  readonly rules: readonly SystemCallRule[];
}

export interface SystemCallRule {
  readonly names: readonly string[];
  /** Allowed, or done with at once with this number of an error; 0 pretends that it was done. */
  readonly answer: 'allow' | number;
  /** All of them must hold. */
  readonly when: readonly ArgumentCondition[];
}

/** What the argument is; with a mask, only its bits under the mask count. */
export interface ArgumentCondition {
  readonly argument: number;
  readonly mask?: number;
  readonly equals: number;
}

const memory =
  'brk madvise membarrier memfd_create mincore mlock mlock2 mlockall mmap mprotect mremap mseal msync munlock ' +
  'munlockall munmap pkey_alloc pkey_free pkey_mprotect';

const files =
  'access chdir chmod chown copy_file_range creat faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat ' +
  'fchmodat2 fchown fchownat fdatasync fgetxattr flistxattr fremovexattr fsetxattr fstat fstatfs fsync ' +
  'ftruncate futimesat getcwd getdents getdents64 getxattr lchown lgetxattr link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir ' +
  'mkdirat newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink ' +
  'readlinkat readv removexattr rename renameat renameat2 rmdir sendfile setxattr stat statfs statx symlink ' +
  'symlinkat sync sync_file_range syncfs truncate umask unlink unlinkat utime utimensat utimes write writev';

const descriptors =
  'close close_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd ' +
  'eventfd2 ioctl pipe pipe2 poll ppoll pselect6 select signalfd signalfd4';

const sockets =
  'accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg ' +
  'sendto shutdown';

const processes =
  'arch_prctl capget capset execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv ' +
  'futex_wake get_robust_list get_thread_area getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid getppid ' +
  'getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid ioprio_get ioprio_set pidfd_open ' +
  'pidfd_send_signal prctl prlimit64 rseq sched_get_priority_max sched_get_priority_min sched_getaffinity ' +
  'sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr ' +
  'sched_setparam sched_setscheduler sched_yield set_robust_list set_thread_area set_tid_address setfsgid setfsuid ' +
  'setgid setgroups setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid vfork wait4 ' +
  'waitid waitpid';

const signals =
  'kill pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend ' +
  'rt_sigtimedwait rt_tgsigqueueinfo sigaltstack tgkill tkill';

const time =
  'alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create ' +
  'timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times';

const system = 'getrandom sysinfo uname';

/**
 * Address families by their numbers in Linux. Not among them: raw packets (17), kernel crypto (38), VM sockets (40), and
 * netlink (16), whose answers wait in memory that no limit of a container counts, 208 KiB a socket.
 */
const unixFamily = 1;
const internetFamilies = [2, 10];

/** With flags for the descriptor in its upper bits. */
const socketTypeMask = 0xf;
const streamType = 1;
/** Whatever fits best, which is TCP, or TCP by name. */
const tcpProtocols = [0, 6];

/** SOL_SOCKET, and the levels of IP, TCP and IPv6. */
const socketLevel = 1;
const protocolLevels = [0, 6, 41];
/** SO_SNDBUF and SO_RCVBUF. */
const bufferSizeOptions = [7, 8];
/** Every other option of the level below 128, in blocks that a filter can name: bits that are free, and what the rest are. */
const otherSocketOptions = [
  { free: 0x3, value: 0 },
  { free: 0x1, value: 4 },
  { free: 0, value: 6 },
  { free: 0, value: 9 },
  { free: 0x1, value: 10 },
  { free: 0x3, value: 12 },
  { free: 0xf, value: 16 },
  { free: 0x1f, value: 32 },
  { free: 0x3f, value: 64 },
];

/**
 * F_DUPFD to F_GETSIG, which include the record locks that databases in `/tmp` take; F_SETOWN_EX, F_GETOWN_EX; copies of
 * descriptors, sizes of pipes and seals of memory files (F_DUPFD_QUERY, F_CREATED_QUERY, F_DUPFD_CLOEXEC to F_GET_SEALS).
 */
const fileCommands = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16],
  ...[1027, 1028, 1030, 1031, 1032, 1033, 1034],
];

/** As many bits as JSON carries exactly; option numbers are an `int`, of which the kernel reads the lower 32. */
const allBitsBut = (free: number): number => 0xffffffff - free;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET together. */
const namespaceFlags = 0x7e020000;

/** `personality(0xffffffff)` only reads; 0 is what every process already has. */
const harmlessPersonalities = [0, 0xffffffff];

const ENOSYS = 38;

const equals = (argument: number, value: number): ArgumentCondition => ({ argument, equals: value });

const masked = (argument: number, mask: number, value: number): ArgumentCondition => ({
  argument,
  mask,
  equals: value,
});

const answer = (
  name: string,
  errorNumber: number,
  ...when: readonly ArgumentCondition[]
): SystemCallRule => ({
  names: [name],
  answer: errorNumber,
  when,
});

const allow = (names: string, ...when: readonly ArgumentCondition[]): SystemCallRule => ({
  names: names.split(' '),
  answer: 'allow',
  when,
});

const rules: readonly SystemCallRule[] = [
  allow([memory, files, descriptors, sockets, processes, signals, time, system].join(' ')),
  allow('socket', equals(0, unixFamily)),
  ...internetFamilies.flatMap((family) =>
    tcpProtocols.map((protocol) =>
      allow('socket', equals(0, family), masked(1, socketTypeMask, streamType), equals(2, protocol)),
    ),
  ),
  ...protocolLevels.map((level) => allow('setsockopt', equals(1, level))),
  ...otherSocketOptions.map(({ free, value }) =>
    allow('setsockopt', equals(1, socketLevel), masked(2, allBitsBut(free), value)),
  ),
  // The size of a buffer is a wish, which the kernel rounds as it likes: it stays what it is.
  ...bufferSizeOptions.map((option) => answer('setsockopt', 0, equals(1, socketLevel), equals(2, option))),
  ...fileCommands.map((command) => allow('fcntl', equals(1, command))),
  allow('socketpair', equals(0, unixFamily)),
  ...harmlessPersonalities.map((personality) => allow('personality', equals(0, personality))),
  // Masked with the namespace flags, the flags must be none of them.
  allow('clone', masked(0, namespaceFlags, 0)),
  // Its flags are in memory, out of a filter's sight. ENOSYS makes the C library use `clone` instead.
  answer('clone3', ENOSYS),
];

/** Frozen with the policy that it is a part of. */
export const systemCalls: SystemCallPolicy = {
  processors: ['x86-64', 'arm64'],
  otherwise: 'EPERM',
  rules,
};
