/** Names that stand for the newest model of the account. */
const PLACEHOLDERS = [
  "auto",
  "latest",
  "gpt-5.3-codex",
  "gpt-5.1-codex",
  "gpt-max-codex",
  "gpt-<max>-codex",
];

/** Asked for when the account's own list cannot be had. */
export const USUAL_MODEL = "gpt-5.6-sol";

/** Whether a name stands for the newest model; every other name is taken as it is. */
export function isPlaceholder(model: string): boolean {
  return PLACEHOLDERS.includes(model.toLowerCase());
}

/** The names in an answer of the list: `{models: [{slug}]}`, or `{data: [{id}]}`. */
export function modelsIn(answer: unknown): string[] {
  const { models, data } = answer as { readonly models?: unknown; readonly data?: unknown };
  const list = Array.isArray(models) ? models : Array.isArray(data) ? data : [];
  return list.map((one) => typeof one === "string" ? one : one?.slug ?? one?.id)
    .filter((name): name is string => typeof name === "string");
}

/**
 * The newest of the models: of those called `gpt-<version>-codex` the one of the highest version,
 * plain names before such with an ending; without any, the same among all `gpt-<version>`.
 */
export function newestModel(models: readonly string[]): string | undefined {
  return newestOf(models, /^gpt-(\d+(?:\.\d+)*)-codex(-.+)?$/) ??
    newestOf(models, /^gpt-(\d+(?:\.\d+)*)(-.+)?$/);
}

function newestOf(models: readonly string[], form: RegExp): string | undefined {
  const fitting = models.flatMap((name) => {
    const [, version, ending] = form.exec(name.toLowerCase()) ?? [];
    return version === undefined ? [] : [{ name, version, plain: ending === undefined }];
  });
  fitting.sort((a, b) =>
    compareVersions(b.version, a.version) || Number(b.plain) - Number(a.plain)
  );
  return fitting[0]?.name;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
