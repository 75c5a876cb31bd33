// deno-lint-ignore-file
const MOST_FOLDERS = 15;

async function run({ name }) {
  const isWanted = matcher(name.toLowerCase());
  const found = [];
  const folders = ["."];
  let looked = 0;
  for (; looked < Math.min(folders.length, MOST_FOLDERS); looked++) {
    const folder = folders[looked];
    for (const entry of (await fs({ operation: "list", path: folder })).entries) {
      const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
      if (entry.kind === "directory") folders.push(path);
      if (isWanted(entry.name.toLowerCase())) found.push(path);
    }
  }
  const rest = folders.length - looked;
  const note = rest > 0 ? `\n(${rest} more folders were not looked into)` : "";
  if (found.length === 0) {
    return { reply: `No file is named ${JSON.stringify(name)}.${note}`, data: [] };
  }
  return { reply: found.join("\n") + note, data: found };
}

function matcher(wanted) {
  const parts = wanted.split("*");
  if (parts.length === 1) return (name) => name.includes(wanted);
  return (name) => {
    const [first, last] = [parts[0], parts.at(-1)];
    if (
      !name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length
    ) {
      return false;
    }
    let at = first.length;
    return parts.slice(1, -1).every((part) => {
      const next = name.indexOf(part, at);
      at = next + part.length;
      return next >= 0 && at <= name.length - last.length;
    });
  };
}
