// deno-lint-ignore-file
async function run({ path }) {
  const { bytes, files, directories, truncated } = await fs({ operation: "disk_usage", path });
  const where = path === "." ? "The workspace" : path;
  const lines = [
    `${where} holds ${files} ${files === 1 ? "file" : "files"} with ${show(bytes)}${
      truncated ? " or more" : ""
    }.`,
  ];
  for (const { name, bytes } of directories) lines.push(`${name}/: ${show(bytes)}`);
  return { reply: lines.join("\n"), data: { bytes, files } };
}

function show(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 4);
  return `${(bytes / 1000 ** power).toFixed(1)} ${["", "kB", "MB", "GB", "TB"][power]}`;
}
