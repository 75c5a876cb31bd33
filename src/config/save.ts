import { CodedError } from "../domain/failure.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { fileStamp } from "../text/stamp.ts";
import { type FindMisforms, type Misform, parseConfig } from "./parse.ts";
import type { Config } from "./schema.ts";
import { readConfigText } from "./read.ts";
import { changeConfig, type ConfigChange, describeChange, nameOfKey } from "./change.ts";

/** What may be written. */
export interface SaveRules {
  /** What the rooms cannot read is not written. */
  readonly findMisforms?: FindMisforms;
  /** Sees both configurations under the lock and throws to keep the file as it is. */
  readonly allow?: (before: Config, after: Config) => Promise<void>;
}

/**
 * Changes keys in the configuration file `name` of a directory. The file is read again under the
 * lock, so two processes that change different keys lose nothing. The file as it was stays beside
 * it as `<name>.<time>.bak`; older backups go.
 * `rules` may refuse what would come out of it.
 * @returns one line per change, without secrets
 * @throws {CodedError} `config_invalid`; the file is then as it was
 */
export async function saveConfig(
  files: Files,
  name: string,
  changes: readonly ConfigChange[],
  clock: Clock,
  rules: SaveRules = {},
): Promise<readonly string[]> {
  await files.locked(name, async () => {
    const before = await readConfigText(files, name);
    const after = applyChanges(before, changes, `${files.path}/${name}`);
    if (after === before) return;
    const wanted = readConfig(after, files, name);
    refuseMisform(rules.findMisforms?.(wanted) ?? [], changes);
    await rules.allow?.(readConfig(before, files, name), wanted);
    const backup = `${name}.${fileStamp(clock.now())}.bak`;
    if (before !== undefined) await files.replace(backup, before);
    await files.replace(name, after);
    await removeLeftovers(files, name, backup);
  });
  return changes.map(describeChange);
}

/** An item that would be dropped is refused where it is written, not where others are changed. */
function refuseMisform(misforms: readonly Misform[], changes: readonly ConfigChange[]): void {
  const misform = misforms.find(({ key, item }) =>
    item === undefined || changes.some((change) => nameOfKey(change.key) === key)
  );
  if (misform) throw new CodedError("config_invalid", `${misform.key}: ${misform.message}`);
}

function readConfig(text: string | undefined, files: Files, name: string): Config {
  const read = parseConfig(text ?? "{}", `${files.path}/${name}`);
  if (read.kind === "ok") return read.config;
  const { code, message, hint } = read.failure;
  throw new CodedError(code, message, hint);
}

function applyChanges(
  before: string | undefined,
  changes: readonly ConfigChange[],
  path: string,
): string {
  let text = before;
  for (const change of changes) {
    const changed = changeConfig(text, change, path);
    if (changed.kind === "invalid") {
      const { code, message, hint } = changed.failure;
      throw new CodedError(code, message, hint);
    }
    text = changed.text;
  }
  return text ?? "{}\n";
}

/** Older backups, and what writers that were killed left behind; the lock is held. */
async function removeLeftovers(files: Files, name: string, newest: string): Promise<void> {
  for (const entry of await files.list()) {
    const middle = entry.name.slice(name.length, -".bak".length);
    const isBackup = entry.name.startsWith(name) && entry.name.endsWith(".bak") &&
      /^\.\d{8}T\d{6}Z$/.test(middle);
    const isTemporary = /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(entry.name);
    if ((isBackup && entry.name !== newest) || isTemporary) await files.remove(entry.name);
  }
}
