// deno-lint-ignore-file
async function run({ about }) {
  const text = about.replace(/\s+/g, " ").trim().replace(/[.!]+$/, "");
  const { facts } = await memory_update({ operation: "forget", text });
  if (facts.length === 0) {
    return { reply: `I remember nothing like "${text}".`, data: { facts } };
  }
  return { reply: `Forgotten: ${facts.join("; ")}.`, data: { facts } };
}
