// deno-lint-ignore-file
async function run({ task }) {
  const text = task.replace(/\s*[\r\n]\s*/g, " ").trim();
  if (text === "") throw new Error("Say which task, such as: add buy milk to my to-do list");
  const content = `${await breakIn("todo.md")}- [ ] ${text}\n`;
  await steadily({ operation: "append", path: "todo.md", content });
  return { reply: `On your to-do list: ${text}`, data: { task: text } };
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
