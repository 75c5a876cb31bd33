/**
 * File descriptors of this process, where the system shows them and the runtime needs watching:
 * before Deno 2.7.14 each ended worker leaves two behind, and the process aborts at its limit.
 * @returns `undefined` where nobody has to count, or nobody can
 */
export function countDescriptors(runtime: string = Deno.version.deno): number | undefined {
  if (!leavesDescriptors(runtime)) return undefined;
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return undefined; // no such directory, or none that may be read
  }
}

/** Whether ended workers leave descriptors behind in this version of Deno. */
export function leavesDescriptors(runtime: string): boolean {
  const [major = 0, minor = 0, patch = 0] = runtime.split(/[.+-]/).map(Number);
  return major < 2 || (major === 2 && (minor < 7 || (minor === 7 && patch < 14)));
}
