/**
 * Which system calls a function's container may make: an allow-list, anything else fails with EPERM.
 *
 * It starts from what Node, its worker threads, child processes and native add-ons use, and is tighter than the
 * engine's own default. What a function has no use for and the kernel has been attacked through is left out: ptrace
 * and process_vm_*, io_uring, kernel keys, userfaultfd, bpf, perf, every mount and namespace call, System V and POSIX
 * message queues, splice and its kin, device nodes, 32-bit calls (no sub-architectures). Calls that are newer than
 * the engine answer ENOSYS, so that a C library falls back.
 */ const memory = 'brk madvise membarrier memfd_create mincore mlock mlock2 mlockall mmap mprotect mremap mseal msync munlock ' + 'munlockall munmap pkey_alloc pkey_free pkey_mprotect';
const files = 'access chdir chmod chown copy_file_range creat faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat ' + 'fchmodat2 fchown fchownat fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ' + 'ftruncate futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1 ' + 'inotify_rm_watch lchown lgetxattr link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir ' + 'mkdirat newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink ' + 'readlinkat readv removexattr rename renameat renameat2 rmdir sendfile setxattr stat statfs statx symlink ' + 'symlinkat sync sync_file_range syncfs truncate umask unlink unlinkat utime utimensat utimes write writev';
const descriptors = 'close close_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd ' + 'eventfd2 fcntl ioctl pipe pipe2 poll ppoll pselect6 select signalfd signalfd4';
const sockets = 'accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg ' + 'sendto setsockopt shutdown';
const processes = 'arch_prctl capget capset execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv ' + 'futex_wake get_robust_list get_thread_area getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid getppid ' + 'getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid ioprio_get ioprio_set pidfd_open ' + 'pidfd_send_signal prctl prlimit64 rseq sched_get_priority_max sched_get_priority_min sched_getaffinity ' + 'sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr ' + 'sched_setparam sched_setscheduler sched_yield set_robust_list set_thread_area set_tid_address setfsgid setfsuid ' + 'setgid setgroups setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid vfork wait4 ' + 'waitid waitpid';
const signals = 'kill pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend ' + 'rt_sigtimedwait rt_tgsigqueueinfo sigaltstack tgkill tkill';
const time = 'alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create ' + 'timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times';
const system = 'getrandom sysinfo uname';
/** Address families by their numbers in Linux; raw packets (17), kernel crypto (38) and VM sockets (40) are not among them. */ const unixFamily = 1;
const internetFamilies = [
    2,
    10
];
const netlinkFamily = 16;
/** What `os.networkInterfaces()` asks through; the other netlink protocols reach into the kernel's subsystems. */ const netlinkRoute = 0;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET together. */ const namespaceFlags = 0x7e020000;
/** `personality(0xffffffff)` only reads; 0 is what every process already has. */ const harmlessPersonalities = [
    0,
    0xffffffff
];
const ENOSYS = 38;
const equals = (index, value)=>({
        index,
        value,
        op: 'SCMP_CMP_EQ'
    });
const allow = (names, ...args)=>({
        names: names.split(' '),
        action: 'SCMP_ACT_ALLOW',
        ...args.length > 0 && {
            args
        }
    });
/** Rules of one system call are alternatives: it is allowed when any of them holds. */ const syscalls = [
    allow([
        memory,
        files,
        descriptors,
        sockets,
        processes,
        signals,
        time,
        system
    ].join(' ')),
    ...[
        unixFamily,
        ...internetFamilies
    ].map((family)=>allow('socket', equals(0, family))),
    allow('socket', equals(0, netlinkFamily), equals(2, netlinkRoute)),
    allow('socketpair', equals(0, unixFamily)),
    ...harmlessPersonalities.map((personality)=>allow('personality', equals(0, personality))),
    // Masked with the namespace flags, the flags must be none of them.
    allow('clone', {
        index: 0,
        value: namespaceFlags,
        valueTwo: 0,
        op: 'SCMP_CMP_MASKED_EQ'
    }),
    // Its flags lie in memory, out of a filter's sight. ENOSYS makes the C library use `clone` instead.
    {
        names: [
            'clone3'
        ],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: ENOSYS
    }
];
/** In the engine's own format. Without sub-architectures a 32-bit call kills its thread. */ export const seccompProfile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: [
        {
            architecture: 'SCMP_ARCH_X86_64',
            subArchitectures: []
        },
        {
            architecture: 'SCMP_ARCH_AARCH64',
            subArchitectures: []
        }
    ],
    syscalls
};

//# sourceMappingURL=seccomp-profile.js.map