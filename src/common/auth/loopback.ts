/** Whether only this machine reaches the address; IPv4 may be written as IPv6 (`::ffff:127.0.0.1`). */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
