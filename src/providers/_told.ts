// What a server told is looked at field by field: it may hold anything that JSON can.

/** Whether a value is an object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The object itself, or one without fields in place of what is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The list itself, or an empty one in place of what is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text itself, or an empty one in place of what is none. */
export function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
