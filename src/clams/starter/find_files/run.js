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
      if (isWanted(path.toLowerCase())) found.push(path);
    }
  }
  const rest = folders.length - looked;
  const note = rest > 0 ? `\n(${rest} more folders were not looked into)` : "";
  if (found.length === 0) {
    return { reply: `No file is named ${JSON.stringify(name)}.${note}`, data: [] };
  }
  return { reply: found.join("\n") + note, data: found };
}

/** `*` stands for any characters, `?` for one; a pattern with `/` is held against the whole path. */
function matcher(wanted) {
  const pattern = wanted.replace(/^(?:\*\*\/)+/, "").replace(/\*+/g, "*");
  const part = (path) => pattern.includes("/") ? path : path.slice(path.lastIndexOf("/") + 1);
  if (!/[*?]/.test(pattern)) return (path) => part(path).includes(pattern);
  return (path) => fits(pattern, part(path));
}

function fits(pattern, name) {
  let [at, star, retry] = [0, -1, 0];
  for (let place = 0; place < name.length;) {
    if (pattern[at] === "*") [star, retry] = [at++, place];
    else if (pattern[at] === "?" || pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star < 0) return false;
    else [at, place] = [star + 1, ++retry];
  }
  return /^\**$/.test(pattern.slice(at));
}
