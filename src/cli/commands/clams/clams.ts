import type { Command } from "@commander-js/extra-typings";
import type { Library, ListedClam } from "../../../clams/library.ts";
import type { Clam } from "../../../domain/clam.ts";
import { CodedError, type Failure } from "../../../domain/failure.ts";
import type { Answer } from "../../../domain/turn.ts";
import { unifiedDiff } from "../../../text/diff.ts";
import { escapeLine, escapeStrictly } from "../../../text/escape.ts";
import { printAnswer } from "../../answer.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { findClamId } from "../../find_clam_id.ts";
import { cancelOnInterrupt, collect, readInputOption } from "../../options.ts";
import { answerJson, exitCodeOf, formatFailure, formatTable } from "../../print.ts";
import { unlockIfWanted } from "../../unlock.ts";
import { formatClam } from "./clam_text.ts";

interface RunOptions {
  readonly input?: string | undefined;
  readonly grant?: readonly string[] | undefined;
  readonly expires?: string | undefined;
  readonly json?: true | undefined;
}

/** `clambot clams`: the kept clams and the starters. */
export function registerClams(program: Command, context: CliContext, end: End): void {
  const clams = program.command("clams")
    .description("List, show, run and manage kept clams");
  const using = (action: (library: Library) => Promise<void>) => withLibrary(context, end, action);
  const print = (text: string) => context.terminal.out(text);
  const printJson = (value: unknown) => print(`${JSON.stringify(value)}\n`);

  clams.command("list").description("List all clams, own ones first")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      using(async (library) => {
        const all = await library.list();
        const usage = await library.usage();
        const count = ({ id }: ListedClam) => usage.get(id)?.count ?? 0;
        if (json) return printJson(all.map((clam) => ({ ...listed(clam), uses: count(clam) })));
        print(formatTable([
          ["ID", "USES", "WHAT IT DOES"],
          ...all.map((clam) => [
            clam.id,
            String(count(clam)),
            escapeLine(
              clam.manifest.origin === "imported"
                ? `(in quarantine) ${clam.manifest.description}`
                : clam.manifest.description,
            ),
          ]),
        ]));
        for (const { directory, failure } of await library.problems()) {
          context.terminal.err(
            formatFailure({ ...failure, message: `${directory}: ${failure.message}` }),
          );
        }
      })
    );
  clams.command("show").description("Print a clam's manifest and script")
    .argument("<clam>", "id, its beginning, or name")
    .option("--json", "print one JSON object")
    .action((name, { json }) =>
      using(async (library) => {
        const clam = await library.look(await findClamId(library, name));
        const problem = await problemOf(library, clam.id);
        if (problem) context.terminal.err(formatFailure(problem));
        if (json) printJson(clam);
        else print(formatClam(clam));
      })
    );
  clams.command("history").description("List the versions of a clam")
    .argument("<clam>")
    .option("--json", "print a JSON array")
    .action((name, { json }) =>
      using(async (library) => {
        const versions = await library.history(await findClamId(library, name));
        if (json) printJson(versions);
        else {print(formatTable(versions.map(({ version, createdAt, sha256, isCurrent }) => [
            `${isCurrent ? "*" : " "} ${version}`,
            createdAt,
            sha256.slice(0, 12),
          ]
          )));}
      })
    );
  clams.command("diff").description("Show what changed between two versions")
    .argument("<clam>").argument("<from>").argument("<to>")
    .action((name, from, to) =>
      using(async (library) => {
        const id = await findClamId(library, name);
        const [old, young] = [
          await library.look(id, readVersion(from)),
          await library.look(id, readVersion(to)),
        ];
        print(escapeStrictly(await unifiedDiff(old.script, young.script, "run.js")));
      })
    );
  clams.command("rollback").description("Make an older version count again; none is lost")
    .argument("<clam>").argument("<version>")
    .action((name, version) =>
      using(async (library) => {
        const { id } = await library.rollback(
          await findClamId(library, name),
          readVersion(version),
        );
        print(`${id} is at version ${version} again.\n`);
      })
    );
  clams.command("remove").description("Put a clam away; `restore` brings it back")
    .argument("<clam>")
    .action((name) =>
      using(async (library) => {
        const id = await findClamId(library, name);
        await library.remove(id);
        print(`Put away ${id}. clambot clams restore ${id} brings it back.\n`);
      })
    );
  clams.command("restore").description("Bring back what `remove` put away").argument("<id>")
    .action((id) => using(async (library) => print(`${await library.restore(id)} is back.\n`)));
  clams.command("adopt").description("Vouch for a script that was changed by hand: a new version")
    .argument("<id>")
    .action((id) =>
      using(async (library) => {
        const { manifest } = await library.adopt(id);
        print(`${id} is at version ${manifest.version}, as it lies on disk.\n`);
        if (!manifest.reusable) print("It says `reusable: false`: it runs by its name alone.\n");
      })
    );
  clams.command("import").description("Bring in a clam of somebody else, into quarantine")
    .argument("<source>", "a directory with CLAM.md and run.js, a CLAM.md, or its http address")
    .action(async (source) => {
      const { importClam } = await import("./import.ts");
      print(await importClam(source, context));
      end(0);
    });
  clams.command("run").description("Run a clam with the given inputs")
    .argument("<clam>")
    .option("--input <json>", "inputs, laid over the clam's defaults")
    .option("--grant <tool:scope>", "allow without asking; may be repeated", collect)
    .option("--expires <span>", "let these grants count for 30m, 12h, 7d or 2w only")
    .option("--json", "print one JSON object")
    .action(async (name, options) => end(await runClam(name, options, context)));
}

async function withLibrary(
  context: CliContext,
  end: End,
  action: (library: Library) => Promise<void>,
): Promise<void> {
  const { openStores } = await import("../../../app/stores.ts");
  const { library } = openStores(context);
  try {
    await action(library);
    end(0);
  } finally {
    library.close();
  }
}

async function runClam(name: string, options: RunOptions, context: CliContext): Promise<ExitCode> {
  const given = readInputOption(options.input);
  const { startApp } = await import("../../../app/start.ts");
  const { atTerminal, nothingSaid } = await import("../../surroundings.ts");
  await unlockIfWanted(context);
  const app = await startApp(context, { once: true });
  const { signal, release } = cancelOnInterrupt(context);
  let answer: Answer;
  try {
    await tellDroppedGrants(app.stores, context);
    const clam = await findClam(app.stores.library, name);
    const surroundings = atTerminal(options, app.stores, context);
    answer = await app.runClam(clam, given, nothingSaid(app.stores), surroundings, signal);
  } finally {
    release();
    app.close();
  }
  if (options.json) {
    context.terminal.out(`${JSON.stringify(answerJson(answer, app.stores.clock))}\n`);
  } else printAnswer(answer, { ...context, ...app.stores });
  return exitCodeOf(answer);
}

async function findClam(library: Library, name: string): Promise<Clam> {
  return await library.get(await findClamId(library, name));
}

/** Why a clam cannot be run as it lies there. */
async function problemOf(library: Library, id: string): Promise<Failure | undefined> {
  try {
    await library.get(id);
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.failure;
    throw error;
  }
}

function readVersion(text: string): number {
  if (/^v?[1-9]\d{0,8}$/.test(text)) return Number(text.replace(/^v/, ""));
  throw new CodedError("usage", `"${text}" is no version number.`, "See clambot clams history.");
}

function listed({ id, manifest }: ListedClam) {
  const { name, description, version, origin, templates, declaredTools } = manifest;
  return { id, name, description, version, origin, templates, tools: declaredTools };
}
