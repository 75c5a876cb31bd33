/** Starts the program. */
export function launch(_args: readonly string[]): Promise<void> {
  return Promise.resolve();
}
