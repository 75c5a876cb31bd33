/** Characters of a name at most: what providers take. */
const LONGEST = 64;

/**
 * Names under which programs call the tools of a server: `server_tool`, of letters, digits and
 * underscores, no two alike. Other characters become underscores; what was cut, or would be called as
 * another one that is closer to the name, ends in letters that come from the whole of it, so that names
 * which differ anywhere stay apart. `reserved` names are those of other tools.
 */
export function nameServerTools(
  server: string,
  tools: readonly string[],
  reserved: readonly string[] = [],
): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  const taken = new Set(reserved);
  const isExact = (tool: string) => /^[A-Za-z0-9_]+$/.test(tool);
  const inOrder = [...tools].sort().sort((one, other) => +isExact(other) - +isExact(one));
  for (const tool of inOrder) {
    const plain = `${server.replaceAll("-", "_")}_${tool.replace(/[^A-Za-z0-9_]/g, "_")}`;
    const isFree = plain.length <= LONGEST && /[A-Za-z0-9]/.test(tool) && !taken.has(plain);
    const name = isFree ? plain : withMark(plain, `${server}\0${tool}`);
    if (taken.has(name)) continue; // nobody can tell them apart
    taken.add(name);
    named.set(tool, name);
  }
  return named;
}

function withMark(plain: string, whole: string): string {
  const mark = fnv1a(whole).toString(36);
  return `${plain.slice(0, LONGEST - mark.length - 1)}_${mark}`;
}

/** 64-bit FNV-1a: tells names apart; nothing rests on its being hard to meet. */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash;
}
