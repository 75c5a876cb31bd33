// deno-lint-ignore-file
async function run({ note }) {
  const text = note.replace(/^(?:that\s+|:\s*)/i, "").replace(/\s+/g, " ").trim();
  if (text === "") throw new Error("Say what to note, such as: take a note call the plumber");
  const now = await time({ operation: "now" });
  const line = `- ${now.date} ${now.time.slice(0, 5)} ${text}`;
  await fs({ operation: "append", path: "notes.md", content: `${line}\n` });
  return { reply: `Noted: ${text}`, data: { note: text, at: now.iso } };
}
