import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../src/domain/json.ts";
import type { Register } from "../needing.ts";
import { Pipeline } from "../pipeline.ts";

// What a case of one key is: two values, and what a person can see of each.

/** The promise of one key. */
export interface KeyCase<Seen = Json> {
  readonly values: readonly [Json, Json];
  /** What stands in place of `<name>` in the key. */
  readonly name?: string;
  /** The mark that this key leaves in what was seen. */
  readonly mark: (seen: Seen) => Json;
  /** The marks of the two values. */
  readonly expected: readonly [Json, Json];
  /** Who registers its test, where it needs more than Deno. */
  readonly test?: Register;
}

/** A case that only waits to be observed. */
export interface ReadyCase extends Pick<KeyCase, "values" | "expected" | "test"> {
  /** Runs the program with each of the values. */
  observe(): Promise<readonly [Json, Json]>;
}

/** Cases by the path of their key. */
export type Cases = Readonly<Record<string, ReadyCase>>;

/** Servers on loopback; `{name}` in the configuration becomes the url. */
export type Servers = Readonly<Record<string, { readonly url: string }>>;

/** What the program is watched at. */
export interface Scene<Started extends Servers, Seen> {
  /** The configuration beside the keys; all of it leads to the scripted model. */
  readonly given?: JsonObject;
  /** Starts what else answers; what is put on the stack ends with the scene. */
  readonly start?: (stack: AsyncDisposableStack) => Promise<Started> | Started;
  readonly observe: (pipeline: Pipeline, servers: Started) => Promise<Seen>;
}

/** Keys that one observation shows together, for each leaves a mark of its own there. */
export function together<Started extends Servers, Seen>(
  scene: Scene<Started, Seen>,
  keys: Readonly<Record<string, KeyCase<Seen>>>,
): Cases {
  let observing: Promise<[Seen, Seen]> | undefined;
  const observeAll = () =>
    observing ??= Promise.all([
      observeWith(scene, configOf(scene, keys, 0)),
      observeWith(scene, configOf(scene, keys, 1)),
    ]);
  return Object.fromEntries(
    Object.entries(keys).map(([key, { values, expected, mark, test = Deno.test }]) => {
      const observe = async () => {
        const [first, second] = await observeAll();
        return [mark(first), mark(second)] as const;
      };
      return [key, { values, expected, observe, test }];
    }),
  );
}

/** A key that is observed alone. */
export function alone<Started extends Servers>(
  key: string,
  one: Omit<KeyCase, "mark"> & Scene<Started, Json>,
): Cases {
  return together<Started, Json>(one, { [key]: { ...one, mark: (seen) => seen } });
}

async function observeWith<Started extends Servers, Seen>(
  { start, observe }: Scene<Started, Seen>,
  config: JsonObject,
): Promise<Seen> {
  await using stack = new AsyncDisposableStack();
  const servers = await start?.(stack) ?? {} as Started;
  const pipeline = stack.use(await Pipeline.open(withAddresses(config, servers)));
  return await observe(pipeline, servers);
}

function configOf<Seen>(
  { given = {} }: { readonly given?: JsonObject },
  keys: Readonly<Record<string, KeyCase<Seen>>>,
  which: 0 | 1,
): JsonObject {
  return Object.entries(keys).reduce((config, [key, { values, name }]) => {
    const steps = key.split(".").map((step) => step === "<name>" ? nameIn(name, key) : step);
    return withKey(config, steps, values[which]);
  }, given);
}

function nameIn(name: string | undefined, key: string): string {
  assert.ok(name, `${key} needs a name`);
  return name;
}

function withKey(config: JsonObject, [step = "", ...rest]: string[], value: Json): JsonObject {
  const inner = (config[step] ?? {}) as JsonObject;
  return { ...config, [step]: rest.length === 0 ? value : withKey(inner, rest, value) };
}

function withAddresses(config: JsonObject, servers: Servers): JsonObject {
  const text = Object.entries(servers).reduce(
    (text, [name, { url }]) => text.replaceAll(`{${name}}`, url),
    JSON.stringify(config),
  );
  return JSON.parse(text);
}
