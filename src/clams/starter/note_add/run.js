// deno-lint-ignore-file
async function run({ note }) {
  const text = note.replace(/\s*[\r\n]\s*/g, " ").trim();
  if (text === "") throw new Error("Say what to note, such as: take a note call the plumber");
  const now = await time({ operation: "now" });
  const line = `- ${now.date} ${now.time.slice(0, 5)} ${text}`;
  const content = `${await breakIn("notes.md")}${line}\n`;
  await steadily({ operation: "append", path: "notes.md", content });
  return { reply: `Noted: ${text}`, data: { note: text, at: now.iso } };
}

/** Once more when somebody else changes the file at the same moment. */
async function steadily(call, tries = 10) {
  try {
    return await fs(call);
  } catch (error) {
    if (error.code !== "file_changed" || tries === 1) throw error;
    return await steadily(call, tries - 1);
  }
}

/** A line break, when the file ends within a line. */
async function breakIn(path) {
  try {
    const { content, truncated } = await steadily({ operation: "read", path });
    return truncated || content === "" || content.endsWith("\n") ? "" : "\n";
  } catch (error) {
    if (error.code === "file_not_found") return "";
    throw error;
  }
}
