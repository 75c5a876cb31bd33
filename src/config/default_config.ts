import type { Config } from "./schema.ts";

/**
 * What counts without any file, ready made; `undefined` from source, where the schema makes it.
 * scripts/bundle.ts puts it here, because building the schema takes a twentieth of a start; so this
 * module must be imported by name and at run time only.
 */
export const readyDefault: Config | undefined = undefined;
