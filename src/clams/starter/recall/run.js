// deno-lint-ignore-file
async function run() {
  const { text } = await memory_recall({});
  const known = text.replace(/^# Memory\s*(?:\n> .*\s*)*/, "").trim();
  return { reply: known === "" ? "I know nothing about you yet." : known, data: { text: known } };
}
