// deno-lint-ignore-file
async function run({ fact }) {
  const text = fact.replace(/\s+/g, " ").trim();
  const { changed } = await memory_update({ operation: "remember", text });
  const end = /[.!?…。！？]$/.test(text) ? "" : ".";
  const reply = `${changed ? "I will remember" : "I knew that already"}: ${text}${end}`;
  return { reply, data: { fact: text, changed } };
}
