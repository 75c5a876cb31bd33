/** Whether a host is this machine alone; written as in an address, IPv6 in brackets or not. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
}
