// deno-lint-ignore-file
async function run({ text }) {
  const { matches, truncated } = await fs({ operation: "search", path: ".", query: text });
  if (matches.length === 0) return { reply: `No file contains ${JSON.stringify(text)}.`, data: [] };
  const lines = matches.map(({ path, line, text }) => `${path}:${line}: ${text.trim()}`);
  if (truncated) lines.push("… and more");
  return { reply: lines.join("\n"), data: matches };
}
