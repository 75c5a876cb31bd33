// Writes the tables of docs/configuration.md from the schema: deno run -R -W scripts/configuration_docs.ts
import { type ConfigKey, configKeys } from "../src/config/keys.ts";

/** Where the page stands. */
export const PAGE = new URL("../docs/configuration.md", import.meta.url);

const BEGIN = "<!-- deno-fmt-ignore-start -->";
const END = "<!-- deno-fmt-ignore-end -->";

/** The page with its tables made anew; everything outside the two marks stays. */
export function withTables(page: string): string {
  const start = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (start < 0 || end < start) throw new SyntaxError("docs/configuration.md has lost its marks");
  return `${page.slice(0, start)}${BEGIN}\n\n${renderTables()}\n${page.slice(end)}`;
}

/** A table for every section, and a list of the keys without effect. */
function renderTables(): string {
  const working = configKeys.filter(({ unused }) => unused === undefined);
  const sections = [...new Set(working.map(sectionOf))].map((section) => {
    const rows = working.filter((key) => sectionOf(key) === section).map(row);
    return `### ${section}\n\n| Key | Expects | Default | |\n|---|---|---|---|\n${rows.join("")}`;
  });
  const idle = configKeys.filter(({ unused }) => unused !== undefined)
    .map(({ path, unused }) => `| \`${path}\` | ${unused} |\n`);
  const without = "### Read, but without effect in this version\n\n" +
    "Files of the original load with them; `clambot config check` names those that stand in yours." +
    `\n\n| Key | Why |\n|---|---|\n${idle.join("")}`;
  return [...sections, without].join("\n");
}

function sectionOf({ path }: ConfigKey): string {
  const [first = "", second = ""] = path.split(".");
  return ["agents", "tools"].includes(first) && path.split(".").length > 2
    ? `${first}.${second}`
    : first;
}

function row({ path, expects, fallback, doc, secret }: ConfigKey): string {
  const usual = fallback === undefined || fallback === "" ? "" : `\`${JSON.stringify(fallback)}\``;
  const note = secret ? `${doc} Masked wherever it would be shown.` : doc;
  return `| \`${path}\` | ${cell(expects)} | ${usual} | ${cell(note)} |\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\{.*?\}/g, (example) => `\`${example}\``);
}

if (import.meta.main) {
  await Deno.writeTextFile(PAGE, withTables(await Deno.readTextFile(PAGE)));
}
