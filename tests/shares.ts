// Test files are loaded together, so that they share the modules of the rooms: for each file alone,
// to load them takes longer than its tests do. A single file runs as ever.

const ROOT = new URL("../", import.meta.url);

/** Directories whose test files are dealt out; what stands beside the rooms is in units_test.ts. */
const DEALT = ["tests/flows/", "tests/contracts/", "tests/attacks/"] as const;

/** How many modules share them: as many as keep two jobs busy to the end. */
export const SHARES = 4;

/** Test files below a directory, by name, as paths below the repository. */
export function testsBelow(directory: string): string[] {
  return [...Deno.readDirSync(new URL(directory, ROOT))]
    .toSorted((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(({ name, isDirectory }) => {
      const path = `${directory}${name}`;
      if (isDirectory) return testsBelow(`${path}/`);
      return name.endsWith("_test.ts") ? [path] : [];
    });
}

/** The test files of one share, from 1 on. Each file is in one, for they are dealt out in turn. */
export function shareOf(number: number): string[] {
  return DEALT.flatMap(testsBelow).filter((_, index) => index % SHARES === number - 1);
}

/** Registers the tests of these files. */
export async function load(paths: readonly string[]): Promise<void> {
  for (const path of paths) await import(new URL(path, ROOT).href);
}
