/** The number by which the system knows this process. */
export function processId(): number {
  return Deno.pid;
}
