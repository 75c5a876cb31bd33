// deno-lint-ignore-file
async function run({ fact }) {
  const text = fact.replace(/\s+/g, " ").trim().replace(/[.!]+$/, "");
  const { changed } = await memory_update({ operation: "remember", text });
  const reply = changed ? `I will remember: ${text}.` : `I knew that already: ${text}.`;
  return { reply, data: { fact: text, changed } };
}
