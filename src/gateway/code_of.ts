/** The code of an error; its text may be anybody's. */
export function codeOf(error: unknown): { readonly code: string } {
  const { code } = error as { readonly code?: unknown };
  return { code: typeof code === "string" ? code : "internal" };
}
