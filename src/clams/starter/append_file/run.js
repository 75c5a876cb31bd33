// deno-lint-ignore-file
async function run({ text, path }) {
  const content = `${await breakIn(path)}${text}\n`;
  const { created } = await steadily({ operation: "append", path, content });
  return {
    reply: created ? `I made ${path} with that line.` : `I added that line to ${path}.`,
    data: { path },
  };
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
