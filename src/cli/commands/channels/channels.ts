import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import type { Stores } from "../../../app/stores.ts";
import type { People } from "../../../gateway/people.ts";
import type { CliContext, End } from "../../context.ts";
import { formatJson, withStores } from "../../stores.ts";
import { listChannel, listEverybody, readChannel, readPerson } from "../../admitted_people.ts";
import { codeJson, formatCodes, formatPeople, nameOf, personJson } from "./people_text.ts";

/** What stands in the list of people about changes that were made here. */
const BY = "cli";

/** `clambot channels`: who may talk to ClamBot, and who it belongs to. */
export function registerChannels(program: Command, context: CliContext, end: End): void {
  const channels = program.command("channels")
    .description("Say who may talk to ClamBot from elsewhere, and who its owners are");
  registerConnections(channels as unknown as Command, context, end);
  registerLists(channels as unknown as Command, context, end);
  registerApprove(channels as unknown as Command, context, end);
  registerOwner(channels as unknown as Command, context, end);
  registerGuest(channels as unknown as Command, context, end);
  registerRemove(channels as unknown as Command, context, end);
}

function registerConnections(channels: Command, context: CliContext, end: End): void {
  channels.command("connect")
    .description("Connect a bot of Telegram, whose token is read hidden or from standard input")
    .argument("<channel>", "telegram")
    .option("--json", "print one JSON object")
    .action((name, { json }) => {
      readConnectable(name);
      return withPeople(context, end, async (people) => {
        const { connectTelegram } = await import("./connect.ts");
        await connectTelegram({ context, people, isJson: json === true });
      });
    });
  channels.command("disconnect")
    .description("Forget the bot; its people stay in the list")
    .argument("<channel>", "telegram")
    .option("--json", "print one JSON object")
    .action((name, { json }) => {
      readConnectable(name);
      return withPeople(context, end, async (people) => {
        const { disconnectTelegram } = await import("./connect.ts");
        await disconnectTelegram({ context, people, isJson: json === true });
      });
    });
}

/** @throws {CodedError} `usage` */
function readConnectable(name: string): void {
  if (name === "telegram") return;
  throw new CodedError("usage", `There is no channel "${name}" to connect.`, "Write telegram.");
}

function registerLists(channels: Command, context: CliContext, end: End): void {
  const print = (text: string) => context.terminal.out(text);
  channels.command("list")
    .description("List the owners and guests of every channel")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      withPeople(context, end, async (people, { clock }) => {
        const { admitted, notes } = listEverybody(await people.list(), context);
        if (json) return print(formatJson(admitted.map(personJson)));
        print(formatPeople(admitted, clock.zone()));
        for (const note of notes) print(`${note}\n`);
      })
    );
  channels.command("pending")
    .description("List those who wait to be let in, and codes that are open")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      withPeople(context, end, async (people, { clock }) => {
        const codes = await people.pending();
        print(json ? formatJson(codes.map(codeJson)) : formatCodes(codes, clock.zone()));
      })
    );
}

function registerApprove(channels: Command, context: CliContext, end: End): void {
  channels.command("approve")
    .description("Let somebody in as a guest, by the code that they were given")
    .argument("<channel>", "telegram or loopback")
    .argument("<code>", "as `channels pending` shows it")
    .option("--json", "print one JSON object")
    .action((name, code, { json }) => {
      const channel = readChannel(name);
      return withPeople(context, end, async (people) => {
        const person = await people.approve(channel, code, BY);
        const { admitted } = listChannel(channel, await people.list(), context);
        const hasOwner = admitted.some(({ role }) => role === "owner");
        const hint = hasOwner
          ? ""
          : `Nobody is an owner yet: clambot channels owner ${channel} ${person.id}\n`;
        context.terminal.out(
          json
            ? formatJson(personJson(person))
            : `${nameOf(person)} may now talk to it, as ${article(person.role)}.\n${hint}`,
        );
      });
    });
}

function registerOwner(channels: Command, context: CliContext, end: End): void {
  channels.command("owner")
    .description("Make somebody an owner: by their id, or with a code for them to send")
    .argument("<channel>", "telegram or loopback")
    .argument("[id]", "without it a code is shown that makes whoever sends it an owner")
    .option("--json", "print one JSON object")
    .action((name, id, { json }) => {
      const channel = readChannel(name);
      const known = id === undefined ? undefined : readPerson(channel, id);
      return withPeople(context, end, async (people) => {
        const print = (text: string) => context.terminal.out(text);
        if (known === undefined) {
          const code = await people.inviteOwner(channel);
          return print(
            json
              ? formatJson(codeJson(code))
              : `Send this to it within ten minutes, and you are an owner:\n  /start ${code.code}\n`,
          );
        }
        const { notes } = listChannel(channel, await people.list(), context);
        const person = await people.admit(
          { ...await people.find(channel, known), channel, id: known },
          "owner",
          BY,
        );
        const lost = notes.length > 0
          ? "The ids of allowFrom are guests from now on, those that are no owners.\n"
          : "";
        print(
          json ? formatJson(personJson(person)) : `${nameOf(person)} is an owner now.\n${lost}`,
        );
      });
    });
}

function registerGuest(channels: Command, context: CliContext, end: End): void {
  channels.command("guest")
    .description("Make somebody a guest, by their id; an owner becomes one too")
    .argument("<channel>", "telegram or loopback")
    .argument("<id>")
    .option("--json", "print one JSON object")
    .action((name, id, { json }) => {
      const channel = readChannel(name);
      const known = readPerson(channel, id);
      return withPeople(context, end, async (people) => {
        const before = await people.find(channel, known);
        const person = await people.admit({ ...before, channel, id: known }, "guest", BY);
        context.terminal.out(
          json ? formatJson(personJson(person)) : `${nameOf(person)} is a guest now.\n`,
        );
      });
    });
}

function registerRemove(channels: Command, context: CliContext, end: End): void {
  channels.command("remove")
    .description("Take somebody's role away")
    .argument("<channel>", "telegram or loopback")
    .argument("<id>", "as `channels list` shows it")
    .option("--json", "print one JSON object")
    .action((name, id, { json }) => {
      const channel = readChannel(name);
      return withPeople(context, end, async (people) => {
        const person = await people.remove(channel, readPerson(channel, id), BY);
        const { admitted } = listChannel(channel, await people.list(), context);
        const still = admitted.find((one) => one.id === person.id);
        const rest = still
          ? `channels.${channel}.allowFrom still lets them in, as ${article(still.role)}.\n`
          : "";
        context.terminal.out(
          json
            ? formatJson({ ...personJson(person), removed: true, role: still?.role ?? null })
            : `${nameOf(person)} is ${article(person.role)} no more.\n${rest}`,
        );
      });
    });
}

const article = (role: "owner" | "guest") => role === "owner" ? "an owner" : "a guest";

async function withPeople(
  context: CliContext,
  end: End,
  action: (people: People, stores: Stores) => Promise<void>,
): Promise<void> {
  const { openPeople } = await import("../../../gateway/people.ts");
  await withStores(context, end, async (stores) => {
    await action(openPeople({ ...stores, files: stores.state }), stores);
  });
}
