import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "../../context.ts";
import { collect } from "../../options.ts";
import { addServer, removeServer } from "./change.ts";
import { approveServer } from "./approve.ts";
import { loginToServer, logoutOfServer } from "./login.ts";
import { listServers, listTools, testServer } from "./show.ts";

/** `clambot mcp`: servers whose tools programs may call. */
export function registerMcp(program: Command, context: CliContext, end: End): void {
  const mcp = program.command("mcp")
    .description("Use tools of MCP servers") as unknown as Command;
  registerLists(mcp, context, end);
  registerChanges(mcp, context, end);
  registerLogins(mcp, context, end);
  registerServe(mcp, context, end);
  mcp.command("approve")
    .description("Look at the tools of a server, and let programs use them as they are now")
    .argument("<name>")
    .option("--types-only", "of what the server says, models get names and types alone")
    .option("--yes", "do not ask")
    .option("--json", "print one JSON object; needs --yes")
    .action((name, options) => approveServer(name, options, context, end));
}

function registerLists(mcp: Command, context: CliContext, end: End): void {
  mcp.command("list")
    .description("List the servers, and what was approved of each; none is started")
    .option("--json", "print a JSON array")
    .action((options) => listServers(options, context, end));
  mcp.command("test")
    .description("Start a server, or call it, and say what it answers")
    .argument("<name>")
    .option("--json", "print one JSON object")
    .action((name, options) => testServer(name, options, context, end));
  mcp.command("tools")
    .description("Ask the servers, or one of them, for their tools")
    .argument("[name]")
    .option("--json", "print a JSON array")
    .action((name, options) => listTools(name, options, context, end));
}

function registerChanges(mcp: Command, context: CliContext, end: End): void {
  mcp.command("add")
    .description("Add a server to config.json: a program after --, or --url")
    .argument("<name>", "letters, digits, underscores, hyphens")
    .argument("[command...]", "the program and its arguments")
    .option("--url <address>", "a server that answers at an address")
    .option("--env <name=value>", "a variable for the program; may be repeated", collect)
    .option("--header <name: value>", "sent with every request; may be repeated", collect)
    .option("--cwd <directory>", "where the program is started")
    .option("--tools <names>", "use these tools alone, by the server's names", splitNames)
    .option("--timeout <seconds>", "without any sign of progress a call is given up")
    .option("--confined", "start it through bubblewrap, which has to be installed")
    .option("--full-user-rights", "let it do whatever you can do")
    .action((name, command, options) => addServer({ name, command, ...options }, context, end));
  mcp.command("remove")
    .description("Take a server out of config.json, with its approvals and its login")
    .argument("<name>")
    .action((name) => removeServer(name, context, end));
}

function registerLogins(mcp: Command, context: CliContext, end: End): void {
  mcp.command("login")
    .description("Log in with a server that has an address and wants that")
    .argument("<name>")
    .option("--no-browser", "print the address, and open no browser")
    .action((name, { browser }) => loginToServer(name, browser, context, end));
  mcp.command("logout")
    .description("Forget the login with a server")
    .argument("<name>")
    .action((name) => logoutOfServer(name, context, end));
}

function registerServe(mcp: Command, context: CliContext, end: End): void {
  mcp.command("serve")
    .description("Offer kept clams as tools to another program, over standard input and output")
    .option("--starters", "the clams that come with ClamBot too")
    .action(async (options) => {
      const { serveClams } = await import("./serve.ts");
      await serveClams(options, context, end);
    });
}

function splitNames(text: string): string[] {
  return text.split(",").map((name) => name.trim()).filter((name) => name !== "");
}
