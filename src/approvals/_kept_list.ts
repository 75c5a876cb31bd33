import type { Json, JsonObject } from "../domain/json.ts";
import type { Files } from "../platform/platform.ts";

/** What was allowed and is kept: a file with one list, changed under its lock and replaced whole. */
export interface KeptList<T> {
  all(): Promise<readonly T[]>;
  /** What stands there and is not understood whole; it allows nothing and is left as it is. */
  strange(): Promise<readonly Json[]>;
  add(one: T): Promise<void>;
  /** `false` when there is none with this id. */
  remove(id: string): Promise<boolean>;
}

/**
 * Opens `NAME.json` in `approvals/`.
 * @throws {Error} from its methods when the file does not parse; it is left as it is.
 */
export function openKeptList<T extends object>(
  files: Files,
  name: string,
  read: (one: JsonObject) => T | undefined,
): KeptList<T> {
  const file = `${name}.json`;
  const understood = (one: Json) => isObject(one) ? read(one) : undefined;
  const kept = async (): Promise<Json[]> => {
    const text = await files.readText(file);
    return text === undefined ? [] : parseKept(text, name, `${files.path}/${file}`);
  };
  const save = (list: readonly unknown[]) =>
    files.replace(file, `${JSON.stringify({ [name]: list }, null, 2)}\n`);
  return {
    all: async () => (await kept()).flatMap((one) => understood(one) ?? []),
    strange: async () => (await kept()).filter((one) => !understood(one)),
    add: (one) => files.locked(name, async () => await save([...await kept(), one])),
    remove: (id) =>
      files.locked(name, async () => {
        const before = await kept();
        const after = before.filter((one) => !isObject(one) || one["id"] !== id);
        if (after.length === before.length) return false;
        await save(after);
        return true;
      }),
  };
}

function parseKept(text: string, name: string, path: string): Json[] {
  try {
    const list = (JSON.parse(text) as JsonObject)[name];
    if (!Array.isArray(list)) throw new TypeError(`no list of ${name}`);
    return list;
  } catch (error) {
    throw new Error(
      `Cannot read the ${name} in ${path}: the file is damaged. Mend or remove it.`,
      { cause: error },
    );
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
