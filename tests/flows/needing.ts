/** Registers a test like `Deno.test(name, fn)`. */
export type Register = (name: string, fn: () => void | Promise<void>) => void;

/**
 * Registers tests that need another program beside Deno. Where it is missing they are left out,
 * and their names say so.
 */
export async function needing(program: string): Promise<Register> {
  const ignore = await isMissing(program);
  const why = ignore ? ` (left out: ${program} is not installed)` : "";
  return (name, fn) => Deno.test({ name: `${name}${why}`, ignore, fn });
}

/** A program that is not there throws before there is anything to wait for. */
async function isMissing(program: string): Promise<boolean> {
  try {
    return !(await new Deno.Command(program, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}
