// deno-lint-ignore-file
async function run({ text }) {
  const exact = await search(text);
  const sentence = text.replace(/[.!?…]+$/, "");
  // "search my files for milk." means milk where no file holds "milk."
  const isOnlySentence = exact.matches.length === 0 && sentence !== text && sentence !== "";
  const { matches, truncated } = isOnlySentence ? await search(sentence) : exact;
  if (matches.length === 0) return { reply: `No file contains ${JSON.stringify(text)}.`, data: [] };
  const lines = matches.map(({ path, line, text }) => `${path}:${line}: ${text.trim()}`);
  if (truncated) lines.push("… and more");
  return { reply: lines.join("\n"), data: matches };
}

async function search(query) {
  return await fs({ operation: "search", path: ".", query });
}
