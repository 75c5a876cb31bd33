import { type House, isTest, type Rule } from "./house_rules.ts";
import { codeOf, lineOf } from "./source_text.ts";

// Rules about what is added beside, not inside: commands, tools, providers and channels.

/** Where everything new is a folder and a line in one list, with that list. */
const LISTS: Readonly<Record<string, string>> = {
  "src/cli/commands": "src/cli/command_list.ts",
  "src/tools": "src/tools/tool_list.ts",
  "src/channels": "src/channels/catalog.ts",
};
/** Folders in them that are nothing to list: the steps of the one road. */
const NO_ENTRIES = ["src/tools/dispatch"];

export function foldersAreListed(house: House): string[] {
  return Object.entries(LISTS).flatMap(([place, list]) => {
    const inside = [...house.keys()].filter((path) => path.startsWith(`${place}/`) && !isTest(path))
      .map((path) => path.slice(place.length + 1).split("/"));
    const folders = new Set(inside.filter(({ length }) => length > 1).map(([folder]) => folder));
    const lines = house.get(list) ?? "";
    return [...folders].filter((folder) => !NO_ENTRIES.includes(`${place}/${folder}`))
      .filter((folder) => !new RegExp(`"\\./(?:commands/)?${folder}/`).test(lines))
      .map((folder) => `${place}/${folder} is not in ${list}`);
  });
}

/** What commands, tools and providers say of themselves; the launcher reads it too. */
const FACTS = /^src\/(?:cli\/commands|tools|providers)\/\w+\/facts\.ts$/;

/** Facts that imported code would bring it into the launcher, and into every start. */
export function factsAreData(house: House): string[] {
  const facts = [...house].filter(([path]) => FACTS.test(path) && !isTest(path));
  return facts.flatMap(([path, source]) =>
    [...codeOf(source).matchAll(/^[ \t]*(?:import|export)\s+(?!type\b)[^;(=]*?(?:from\s*)?["']/gm)]
      .map(({ index }) => `${path}:${lineOf(source, index)} imports more than types`)
  );
}

/** The rules, each with a house that breaks it. */
export const LIST_RULES: readonly Rule[] = [
  {
    name: "every command, tool, provider and channel is in its list",
    check: foldersAreListed,
    bad: {
      "src/tools/tool_list.ts": 'export { fsTool } from "./fs/facts.ts";',
      "src/tools/fs/facts.ts": "",
      "src/tools/cron/facts.ts": "",
      "src/cli/commands/a/b.ts": "",
    },
    complaints: [
      "src/cli/commands/a is not in src/cli/command_list.ts",
      "src/tools/cron is not in src/tools/tool_list.ts",
    ],
    good: {
      "src/tools/tool_list.ts": 'export { fsTool } from "./fs/facts.ts";',
      "src/tools/fs/facts.ts": "",
      "src/cli/command_list.ts": 'export { aCommand } from "./commands/a/facts.ts";',
      "src/cli/commands/a/facts.ts": "",
    },
  },
  {
    name: "facts of commands, tools and providers import nothing but types",
    check: factsAreData,
    bad: {
      "src/cli/commands/a/facts.ts": 'import type { A } from "../../command.ts";\n' +
        'import { SHELLS } from "./a.ts";\nimport "zod";',
      "src/tools/a/facts.ts": '\nexport { b } from "./b.ts";',
    },
    complaints: [
      "src/cli/commands/a/facts.ts:2 imports more than types",
      "src/cli/commands/a/facts.ts:3 imports more than types",
      "src/tools/a/facts.ts:2 imports more than types",
    ],
    good: {
      "src/cli/commands/a/facts.ts":
        'import type { A } from "../../command.ts";\n// import "zod"\n' +
        'export const a: A = { load: async () => (await import("./a.ts")).a };',
      "src/tools/fs/fs.ts": 'import "zod";',
    },
  },
];
