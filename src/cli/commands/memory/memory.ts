import type { Command } from "@commander-js/extra-typings";
import type { Stores } from "../../../app/stores.ts";
import { CodedError } from "../../../domain/failure.ts";
import { escapeLine, escapeText } from "../../../text/escape.ts";
import type { CliContext, End } from "../../context.ts";
import { formatChanges, formatFacts, formatHistory, formatWaiting } from "../../memory_text.ts";
import { formatJson, withStores } from "../../stores.ts";

const SHOWN = 20;

/** `clambot memory`: what is known about the person, and the history. */
export function registerMemory(program: Command, context: CliContext, end: End): void {
  const memory = program.command("memory")
    .description("Show, search and change what ClamBot remembers");
  const using = (action: (stores: Stores) => Promise<void>) => withStores(context, end, action);
  const print = (text: string) => context.terminal.out(text);

  memory.command("show").description("Print everything that is remembered")
    .option("--json", "print one JSON object")
    .action(({ json }) =>
      using(async ({ memory }) => {
        const text = await memory.text("chat");
        if (json) print(formatJson({ text, facts: await memory.facts() }));
        else print(text === "" ? "Nothing is remembered.\n" : `${escapeText(text)}\n`);
      })
    );
  memory.command("search").description("Search the facts and the history")
    .argument("<query...>")
    .option("--json", "print one JSON object")
    .action((words, { json }) =>
      using(async ({ memory, history }) => {
        const query = words.join(" ");
        const facts = await memory.findFacts(query);
        const entries = await history.search(query, SHOWN);
        if (json) print(formatJson({ facts, history: entries }));
        else if (facts.length + entries.length === 0) print("Nothing found.\n");
        else print(formatFacts(facts) + formatHistory(entries));
      })
    );
  memory.command("forget").description("Show the facts that a text means, and remove them")
    .argument("<text...>")
    .option("--yes", "do not ask")
    .action((words, { yes }) => using((stores) => forget(words.join(" "), yes, stores, context)));
  memory.command("history").description("List the newest summaries of conversations")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      using(async ({ history }) => {
        const entries = await history.newest(SHOWN);
        if (json) print(formatJson(entries));
        else print(entries.length === 0 ? "No history.\n" : formatHistory(entries));
      })
    );
  memory.command("waiting").description("List facts that wait to be kept or dropped")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      using(async ({ memory, clock }) => {
        const waiting = await memory.waiting();
        if (json) print(formatJson(waiting));
        else {print(
            waiting.length === 0 ? "Nothing waits.\n" : formatWaiting(waiting, clock.zone()),
          );}
      })
    );
  memory.command("keep").description("Take a waiting fact into the memory, with a mark")
    .argument("<id>")
    .action((id) => using((stores) => keep(id, stores, context)));
  memory.command("drop").description("Drop a waiting fact for good").argument("<id>")
    .action((id) =>
      using(async ({ memory }) => {
        if (!await memory.drop(id)) throw noneWaits(id);
        print(`Dropped ${escapeLine(id)}.\n`);
      })
    );
  memory.command("undo").description("Reverse a change of the memory")
    .argument("[id]", "as `undo --list` shows it")
    .option("--list", "list the changes of the last 90 days")
    .option("--json", "print the list as a JSON array")
    .action((id, options) => using((stores) => undo(id, options, stores, context)));
}

/** Exactly the facts that were shown go. */
async function forget(
  text: string,
  yes: true | undefined,
  { memory }: Stores,
  { terminal }: CliContext,
): Promise<void> {
  const facts = await memory.findFacts(text);
  if (facts.length === 0) {
    throw new CodedError(
      "memory_not_found",
      `No fact has all the words of "${text}".`,
      "See clambot memory show.",
    );
  }
  terminal.out(formatFacts(facts));
  if (!yes && !terminal.interactive) {
    throw new CodedError(
      "approval_needed",
      "Nothing was forgotten: there is no terminal to ask at.",
      "Add --yes to forget these facts.",
    );
  }
  if (!yes) {
    const { confirmed } = await import("../../../channels/terminal.ts");
    if (!await confirmed("Forget this?")) return terminal.out("Nothing was forgotten.\n");
  }
  const gone = await memory.removeFacts(facts, "person");
  const change = (await memory.changes()).find(({ operation }) => operation === "forget");
  terminal.out(
    `Forgot ${gone.length} ${gone.length === 1 ? "fact" : "facts"}. ` +
      `clambot memory undo ${change?.id} brings back what went.\n`,
  );
}

async function keep(id: string, { memory }: Stores, { terminal }: CliContext): Promise<void> {
  const result = await memory.keep(id);
  if (!result) throw noneWaits(id);
  if (result.refused.length > 0) {
    throw new CodedError(
      "fact_refused",
      `The fact ${id} was not taken: it is too long, or the memory is full.`,
      "It goes on waiting. Shorten MEMORY.md, then keep it again.",
    );
  }
  terminal.out(result.added.length > 0 ? formatFacts(result.added) : "This is known already.\n");
}

async function undo(
  id: string | undefined,
  { list, json }: { readonly list?: true | undefined; readonly json?: true | undefined },
  { memory, clock }: Stores,
  { terminal }: CliContext,
): Promise<void> {
  if (list) {
    const changes = await memory.changes();
    if (json) return terminal.out(formatJson(changes));
    return terminal.out(
      changes.length === 0 ? "No changes.\n" : formatChanges(changes, clock.zone()),
    );
  }
  if (id === undefined) {
    throw new CodedError("usage", "Which change?", "clambot memory undo --list shows them.");
  }
  const done = await memory.undo(id);
  if (!done) {
    throw new CodedError(
      "memory_not_found",
      `There is no change "${id}", or nothing of it is left to undo.`,
      "See clambot memory undo --list.",
    );
  }
  terminal.out(formatChanges([done], clock.zone()));
}

function noneWaits(id: string): CodedError {
  return new CodedError(
    "memory_not_found",
    `No fact waits with the id "${id}".`,
    "See clambot memory waiting.",
  );
}
