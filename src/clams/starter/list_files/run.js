// deno-lint-ignore-file
async function run({ path }) {
  const { entries, truncated } = await fs({ operation: "list", path });
  const where = path === "." ? "the workspace" : path;
  if (entries.length === 0) return { reply: `There are no files in ${where}.`, data: [] };
  const lines = entries.map(({ name, kind, size }) =>
    kind === "directory" ? `${name}/` : `${name} (${show(size)})`
  );
  if (truncated) lines.push("… and more");
  return { reply: lines.join("\n"), data: entries };
}

function show(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  while (value >= 1000 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${value.toFixed(1)} ${units[0]}`;
}
