import { CodedError } from "../domain/failure.ts";
import {
  CHAT_COMMANDS,
  type ChatCommand,
  type ChatCommandName,
  type ChatReply,
} from "./chat_commands.ts";
import { COMMAND_RIGHTS, type Writer, writerOf } from "./command_rights.ts";
import type { PersonId, Standing } from "./person.ts";

/** Who gave a command, and where. */
export interface Commander {
  readonly person: PersonId;
  readonly standing: Standing;
  readonly place: "private" | "group";
  /** The conversation as its channel names it. */
  readonly conversation: string;
}

/** What commands do; each answers with a text for the chat. */
export interface ChatCommandPorts {
  /** Takes a code; whether it made them an owner. */
  redeem(person: PersonId, code: string): Promise<boolean>;
  startAnew(from: Commander): Promise<string>;
  status(): Promise<string>;
  /** Ends what is under way; whether there was something. */
  cancel(conversation: string): boolean;
  stop(by: PersonId): Promise<string>;
  resume(by: PersonId): Promise<string>;
  approve(question: string, reply: ChatReply, by: PersonId): Promise<string>;
  keepSecret(name: string, value: string, by: PersonId): Promise<string>;
  clams(): Promise<string>;
  memory(): Promise<string>;
  undo(change: string | undefined): Promise<string>;
  runs(): Promise<string>;
  jobs(): Promise<string>;
}

/**
 * Answers a command, as far as whoever gives it may; `undefined`: whoever is unknown is not heard.
 * What cannot be done is an answer too.
 */
export async function answerCommand(
  command: ChatCommand,
  from: Commander,
  ports: ChatCommandPorts,
): Promise<string | undefined> {
  switch (COMMAND_RIGHTS[command.name][writerOf(from.standing, from.place)]) {
    case "not_heard":
      return undefined;
    case "for_owners":
      return `/${command.name} is for owners.`;
    case "in_private":
      return inPrivate(command);
    case "done":
      try {
        return await obey(command, from, ports);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        const { message, hint } = error.failure;
        return hint === undefined ? message : `${message}\n${hint}`;
      }
  }
}

function inPrivate(command: ChatCommand): string {
  const elsewhere = `/${command.name} works in a private chat only; nothing was done.`;
  const isShown = command.name === "secret" && command.value !== undefined;
  return isShown
    ? `${elsewhere} Everybody here could read that value: delete the message, and make another one.`
    : elsewhere;
}

async function obey(
  command: ChatCommand,
  from: Commander,
  ports: ChatCommandPorts,
): Promise<string | undefined> {
  const { person, conversation } = from;
  switch (command.name) {
    case "start":
      return await start(command.code, from, ports);
    case "help":
      return helpFor(writerOf(from.standing, from.place));
    case "yes":
      return "There is nothing that I heard of you here and that waits for a yes.";
    case "new":
      return await ports.startAnew(from);
    case "status":
      return await ports.status();
    case "cancel":
      return ports.cancel(conversation) ? "It is being ended." : "Nothing is under way here.";
    case "stop":
      return await ports.stop(person);
    case "resume":
      return await ports.resume(person);
    case "approve":
      return await ports.approve(command.question, command.reply, person);
    case "secret":
      return command.value === undefined
        ? `Write it behind the name: /secret ${command.secret} VALUE`
        : await ports.keepSecret(command.secret, command.value, person);
    case "clams":
      return await ports.clams();
    case "memory":
      return await ports.memory();
    case "undo":
      return await ports.undo(command.change);
    case "runs":
      return await ports.runs();
    case "cron":
      return await ports.jobs();
  }
}

/** Whoever is unknown and has no code that counts is not heard. */
async function start(
  code: string | undefined,
  { person, standing }: Commander,
  { redeem }: ChatCommandPorts,
): Promise<string | undefined> {
  if (code !== undefined && standing !== "owner" && await redeem(person, code)) {
    return "You are an owner now. Say what you want done; /help shows what else there is.";
  }
  return standing === "unknown" ? undefined : "Hello. Say what you want done; see also /help.";
}

/** The commands that somebody may give where they write. */
function helpFor(writer: Writer): string {
  const names = Object.keys(CHAT_COMMANDS) as ChatCommandName[];
  return names.filter((name) => COMMAND_RIGHTS[name][writer] === "done")
    .map((name) => `${CHAT_COMMANDS[name].usage}: ${CHAT_COMMANDS[name].does}`).join("\n");
}
