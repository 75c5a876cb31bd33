import type { QuestionEnd } from "../runs/line.ts";

// What people write in a chat to rule it, read strictly before any model sees it.

/** A command, with what it was told. */
export type ChatCommand =
  | { readonly name: "start"; readonly code?: string }
  | { readonly name: "approve"; readonly question: string; readonly reply: ChatReply }
  | { readonly name: "secret"; readonly secret: string; readonly value?: string }
  | { readonly name: "undo"; readonly change?: string }
  | {
    readonly name:
      | "help"
      | "yes"
      | "new"
      | "status"
      | "cancel"
      | "stop"
      | "resume"
      | "clams"
      | "memory"
      | "runs"
      | "cron";
  };

/** The name of a command. */
export type ChatCommandName = ChatCommand["name"];

/** An answer to a question; a scope that is left out is the only one that is offered. */
export type ChatReply =
  | Extract<QuestionEnd, { readonly kind: "once" | "all" | "lease" | "reject" }>
  | { readonly kind: "turn"; readonly scope?: string }
  | { readonly kind: "always"; readonly scope?: string };

/** What a message is. */
export type ReadMessage =
  | { readonly kind: "command"; readonly command: ChatCommand }
  /** It begins as a command and is none; `usage`: what to write. */
  | { readonly kind: "malformed"; readonly usage: string }
  /** A command for another bot of the group. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "text" };

/** How each command is written, and what it does. */
export const CHAT_COMMANDS: Readonly<
  Record<ChatCommandName, { readonly usage: string; readonly does: string }>
> = {
  start: { usage: "/start [CODE]", does: "says hello, and takes a code" },
  help: { usage: "/help", does: "this list" },
  yes: { usage: "/yes", does: "takes what I heard in your voice note as your words" },
  new: { usage: "/new", does: "begins a new conversation" },
  status: { usage: "/status", does: "how things stand" },
  cancel: { usage: "/cancel", does: "ends what is under way in this chat" },
  stop: { usage: "/stop", does: "ends everything, and lets nothing have an effect" },
  resume: { usage: "/resume", does: "lets everything go on" },
  approve: {
    usage: "/approve ID once|all|lease|reject, or /approve ID turn|always [SCOPE]",
    does: "answers a question",
  },
  secret: { usage: "/secret NAME VALUE", does: "keeps a secret that was asked for" },
  clams: { usage: "/clams", does: "the programs that are kept" },
  memory: { usage: "/memory", does: "what is remembered" },
  undo: { usage: "/undo [ID]", does: "takes back the last change of a file" },
  runs: { usage: "/runs", does: "what programs did" },
  cron: { usage: "/cron", does: "your jobs, and when they are due next" },
};

const BEGINNING = /^\/([a-z][a-z0-9_]*)(?:@([a-z0-9_]+))?(?=\s|$)/i;

/** Commands that must work however they are written: nobody in a hurry reads what is usual. */
const IN_A_HURRY: readonly ChatCommandName[] = ["stop", "cancel"];

/**
 * Reads a message. Letters may be small or capital; blanks in front do not count; `/stop@botname` is
 * for that bot alone. What only looks like a path, such as `/etc/hosts`, is text.
 */
export function readChatCommand(text: string, bot?: string): ReadMessage {
  const said = text.trim();
  const [whole = "", word = "", addressee] = BEGINNING.exec(said) ?? [];
  if (whole === "") return { kind: "text" };
  if (addressee !== undefined && bot !== undefined && !isSameName(addressee, bot)) {
    return { kind: "elsewhere" };
  }
  const name = word.toLowerCase();
  if (!isCommand(name)) {
    return { kind: "malformed", usage: `There is no /${name.slice(0, 32)}. See /help.` };
  }
  const command = readArguments(name, said.slice(whole.length).trim());
  return command
    ? { kind: "command", command }
    : { kind: "malformed", usage: `Write ${CHAT_COMMANDS[name].usage}.` };
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.replace(/^@/, "").toLowerCase();
}

function isCommand(name: string): name is ChatCommandName {
  return Object.hasOwn(CHAT_COMMANDS, name);
}

function readArguments(name: ChatCommandName, rest: string): ChatCommand | undefined {
  switch (name) {
    case "start":
      return /^\S*$/.test(rest) ? { name, ...(rest === "" ? {} : { code: rest }) } : undefined;
    case "undo":
      return /^\w*$/.test(rest) ? { name, ...(rest === "" ? {} : { change: rest }) } : undefined;
    case "approve":
      return readApproval(rest);
    case "secret":
      return readSecret(rest);
    default:
      return rest === "" || IN_A_HURRY.includes(name) ? { name } : undefined;
  }
}

function readApproval(rest: string): ChatCommand | undefined {
  const [, question, word = "", scope = ""] = /^(\w+)\s+([a-z]+)(?:\s+(.+))?$/i.exec(rest) ?? [];
  if (question === undefined) return undefined;
  const kind = word.toLowerCase();
  switch (kind) {
    case "once":
    case "all":
    case "lease":
    case "reject":
      return scope === "" ? { name: "approve", question, reply: { kind } } : undefined;
    case "turn":
    case "always":
      return {
        name: "approve",
        question,
        reply: { kind, ...(scope === "" ? {} : { scope }) },
      };
    default:
      return undefined;
  }
}

function readSecret(rest: string): ChatCommand | undefined {
  const [, secret, value = ""] = /^([A-Za-z][\w-]{0,63})(?:\s+([^]+))?$/.exec(rest) ?? [];
  if (secret === undefined) return undefined;
  return { name: "secret", secret, ...(value === "" ? {} : { value }) };
}
