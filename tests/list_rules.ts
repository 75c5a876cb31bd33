import { type House, isTest, type Rule } from "./house_rules.ts";
import { codeOf, lineOf } from "./source_text.ts";

// Rules about what is added beside, not inside: commands, tools, providers and channels.

/** Where everything new is a folder and a line in one list, with that list. */
const LISTS: Readonly<Record<string, string>> = {
  "src/cli/commands": "src/cli/command_list.ts",
  "src/tools": "src/tools/tool_list.ts",
  "src/providers": "src/providers/provider_list.ts",
  "src/channels": "src/channels/catalog.ts",
};
/** Folders in them that are nothing to list: the steps of the one road, a language of many. */
const NO_ENTRIES = ["src/tools/dispatch", "src/providers/openai_compatible"];

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

/** What a name of a list may mean elsewhere, by the file that says it. */
const OTHER_MEANINGS: readonly (readonly [path: RegExp, name: RegExp, meaning: string])[] = [
  [/^src\//, /^clam$/, "the noun of the house: a program that is kept"],
  [/^src\/(?:cli|walls)\//, /^usage$/, "a code of failures"],
  [/^src\/walls\//, /^config$/, "a message to the launcher"],
  [/^src\/walls\/(?:launch|unit_files)\.ts$/, /^run$/, "a permission, and what Deno does"],
  [/^src\/walls\/supervisor\.ts$/, /^stop$/, "a way to end a service"],
  [/^src\/cli\/commands\/doctor\//, /^(?:memory|usage|clams|stop)$/, "something that is looked at"],
  [/^src\/cli\/commands\//, /^(?:run|undo|resume|status|logs)$/, "a command below another"],
  [/^src\/(?:walls\/unit_programs|cli\/service_unit)\.ts$/, /^logs$/, "the journal of a unit"],
  [/^src\//, /^cron$/, "where a turn comes from, a kind of schedule and of scope"],
  [/^src\/clams\/_slots\.ts$/, /^time$/, "a kind of slot"],
  [/^src\/config\/schema\.ts$|^src\/providers\/whisper\.ts$/, /^openai$/, "how a server talks"],
  [/^src\/providers\/whisper\.ts$/, /^transcribe$/, "a task of the Whisper ASR service"],
  [/^src\/config\/wall_settings\.ts$/, /^transcribe$/, "a section, also of who writes by voice"],
  [/^src\/providers\/openai_compatible\//, /^openai$/, "a package"],
  [
    /^src\/providers\/(?:provider_facts|_open_exchange|models)\.ts$/,
    /^(?:anthropic|openai_codex)$/,
    "a language that bears the name of the first who spoke it",
  ],
];

/** Where a name of a list would be a second place that knows what is in it. */
const SCOPES: Readonly<Record<string, RegExp>> = {
  "src/cli/commands": /^src\/(?:cli|walls)\//,
  "src/tools": /^src\//,
  "src/providers": /^src\//,
};

/** A name of a list that stands in other code makes that a second list. */
export function namesStayInTheirFolders(house: House): string[] {
  const named = [...house].filter(([path]) => FACTS.test(path)).flatMap(([path, source]) =>
    [...source.matchAll(/^ {2}name: "(\w+)",$/gm)].map(([, name = ""]) => ({
      name,
      folder: path.replace(/facts\.ts$/, ""),
      scope: SCOPES[path.split("/").slice(0, -2).join("/")] ?? /^$/,
    }))
  );
  return [...house].filter(([path]) => !isTest(path)).flatMap(([path, source]) => {
    const code = codeOf(source);
    const texts = [...source.matchAll(/(["'`])(\w+)\1|\bPROVIDERS\.(\w+)/g)]
      .filter(({ index }) => code[index] === source[index])
      .map(({ index, 2: text, 3: key }) => ({ index, word: text ?? key ?? "" }));
    return texts.flatMap(({ index, word }) => {
      const isNamed = named.some(({ name, folder, scope }) =>
        name === word && scope.test(path) && !path.startsWith(folder)
      );
      const isOther = OTHER_MEANINGS.some(([file, name]) => file.test(path) && name.test(word));
      return isNamed && !isOther
        ? [`${path}:${lineOf(source, index)} knows "${word}", which its own folder says`]
        : [];
    });
  });
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
  {
    name: "names of commands, tools and providers stand in their folders only",
    check: namesStayInTheirFolders,
    bad: {
      "src/tools/fs/facts.ts": '\n  name: "fs",\n',
      "src/cli/commands/status/facts.ts": '\n  name: "status",\n',
      "src/providers/groq/facts.ts": '\n  name: "groq",\n',
      "src/walls/a.ts": 'if (["status"].includes(word)) go();\nconst OUTWARD = ["fs"];',
      "src/net/a.ts": "ask(PROVIDERS.groq);",
    },
    complaints: [
      'src/walls/a.ts:1 knows "status", which its own folder says',
      'src/walls/a.ts:2 knows "fs", which its own folder says',
      'src/net/a.ts:1 knows "groq", which its own folder says',
    ],
    good: {
      "src/tools/fs/facts.ts": '\n  name: "fs",\n',
      "src/tools/fs/fs.ts": 'const NAME = "fs"; // like "web_fetch"',
      "src/tools/dispatch.ts": '// "fs"\nconst text = `not "fs" alone`;',
      "src/cli/commands/status/facts.ts": '\n  name: "status",\n',
      "src/net/a.ts": 'const kind = "status";',
    },
  },
];
