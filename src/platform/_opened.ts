/**
 * Opens a file for as long as `work` takes and closes it in every case. There is no `using` in the
 * sources: the bundler's minifier (esbuild 0.25) turns such a declaration into a plain expression,
 * so the file would stay open in the binary, with its lock.
 */
export async function withOpen<T>(
  path: string,
  options: Deno.OpenOptions,
  work: (file: Deno.FsFile) => Promise<T>,
): Promise<T> {
  const file = await Deno.open(path, options);
  try {
    return await work(file);
  } finally {
    file.close();
  }
}

/** Writes all of it, however little the system takes at a time. */
export async function writeWhole(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
}

/** Makes a rename itself durable. Systems that cannot sync directories do without. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    await withOpen(path, { read: true }, (directory) => directory.sync());
  } catch {
    // the rename is atomic all the same
  }
}
