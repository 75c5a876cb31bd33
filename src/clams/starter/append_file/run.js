// deno-lint-ignore-file
async function run({ text, path }) {
  const content = `${await breakIn(path)}${text}\n`;
  const { created } = await fs({ operation: "append", path, content });
  return {
    reply: created ? `I made ${path} with that line.` : `I added that line to ${path}.`,
    data: { path },
  };
}

/** A line break, when the file ends within a line. */
async function breakIn(path) {
  try {
    const { content, truncated } = await fs({ operation: "read", path });
    return truncated || content === "" || content.endsWith("\n") ? "" : "\n";
  } catch (error) {
    if (error.code === "file_not_found") return "";
    throw error;
  }
}
