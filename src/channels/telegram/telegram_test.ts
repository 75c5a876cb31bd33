import assert from "node:assert/strict";
import { FakeBotApi } from "../../../tests/fakes/bot_api/bot_api.ts";
import { createHeldClock } from "../../../tests/fakes/held_clock.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { createChannelFetch } from "../../platform/channel_fetch.ts";
import { createRandom } from "../../platform/deno.ts";
import { createRedactor } from "../../secrets/redactor.ts";
import type { Channel, IncomingUpdate, OutgoingMessage } from "../channel.ts";
import { createTelegramChannel } from "./telegram.ts";

const DAY_MS = 300_000;
/** Ends of calls, and the pause of a token that was refused. */
const HELD = [30_000, 45_000, 120_000, DAY_MS];
const FETCH = createChannelFetch();

/** The channel over a strict server, with what it hears. */
class Heard implements AsyncDisposable {
  readonly clock = createHeldClock(HELD);
  readonly updates: IncomingUpdate[] = [];
  readonly logged: string[] = [];
  readonly channel: Channel;
  /** Instead of keeping what was heard. */
  accept: (updates: readonly IncomingUpdate[]) => Promise<void> = () => Promise.resolve();
  readonly #ending = new AbortController();
  readonly #listening: Promise<void>;

  constructor(readonly server: FakeBotApi, token = () => Promise.resolve(server.token)) {
    const note = (event: string, fields: object = {}) =>
      void this.logged.push(`${event} ${JSON.stringify(fields)}`);
    this.channel = createTelegramChannel({
      ...{ token, apiRoot: server.url, fetch: FETCH, clock: this.clock, random: createRandom() },
      log: { debug() {}, warn: note },
      ...{ isReplying: false, format: "entities", redactor: createRedactor([]) },
      commands: [{ command: "help", description: "What there is" }],
    });
    const sink = {
      accept: async (updates: readonly IncomingUpdate[]) => {
        await this.accept(updates);
        this.updates.push(...updates);
      },
    };
    this.#listening = this.channel.listen(sink, this.#ending.signal);
  }

  /** Waits until so many updates were heard and confirmed. */
  async heard(count: number): Promise<readonly IncomingUpdate[]> {
    await this.server.until(() => this.updates.length >= count && this.server.isPolled);
    return this.updates;
  }

  async tell(more: Partial<OutgoingMessage>, told: string[] = [], replaced: string[] = []) {
    const text = "hello" as Redacted;
    const message = { key: "k", conversation: "telegram:1", text, ...more };
    const soFar = {
      ...{ parts: [...told], replaced, statuses: [], tells() {}, notTold() {} },
      told: (part: string) => void told.push(part),
    };
    await this.channel.send(message, new AbortController().signal, soFar);
    return told;
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#listening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.server[Symbol.asyncDispose]();
  }
}

const listening = (...given: Parameters<typeof FakeBotApi.start>) =>
  new Heard(FakeBotApi.start(...given));

Deno.test("P001: an update is confirmed only after it was kept, and asked for again until then", async () => {
  await using heard = listening();
  const { server } = heard;
  let tries = 0;
  heard.accept = () => ++tries < 3 ? Promise.reject(new Error("disk full")) : Promise.resolve();
  const message = server.say(1, "add milk");
  await heard.heard(1);
  assert.deepEqual(heard.updates.map(({ text, message: id }) => [text, id]), [
    ["add milk", `${message}`],
  ]);
  assert.equal(tries, 3);
  const offsets = server.called("getUpdates").map(({ fields }) => fields.offset);
  assert.deepEqual(offsets.slice(-2), [undefined, 501]);
  assert.equal(heard.channel.trouble?.(), undefined);
});

Deno.test("P012, P009: nothing that a server does ends receiving, and pauses last a second at least", async () => {
  await using heard = listening();
  const { server, clock } = heard;
  server.fault(
    "getUpdates",
    { kind: "page", status: 502 },
    { kind: "cut" },
    { kind: "refused", code: 500 },
    { kind: "page", status: 200, body: "" },
    { kind: "page", status: 200, body: "not json" },
    { kind: "page", status: 302, to: "http://127.0.0.1:1/elsewhere" },
    { kind: "refused", code: 429, retryAfter: 47 },
    { kind: "refused", code: 409 },
    { kind: "refused", code: 409 },
  );
  server.say(1, "hello");
  await heard.heard(1);
  assert.equal(clock.slept.length, 9);
  assert.ok(clock.slept.every((ms) => ms >= 1000), `${clock.slept}`);
  assert.ok(clock.slept.some((ms) => ms >= 47_000));
  assert.ok(new Set(clock.slept).size > 4, "pauses have chance in them");
  assert.equal(heard.logged.filter((line) => line.includes("other_poller")).length, 1);
});

Deno.test("P013, P014: a request that is never answered is given up, whatever holds it", async () => {
  const server = FakeBotApi.start();
  await using heard = new Heard(server);
  server.fault("getUpdates", { kind: "hang" }, { kind: "refused", code: 409 });
  await server.until(() => server.called("getUpdates").length === 1);
  server.say(1, "hello");
  assert.equal(heard.clock.fire(45_000), 1);
  assert.equal((await heard.heard(1))[0]?.text, "hello");
});

Deno.test("P012: a token that is none is one line of the log, and tried again when there may be another", async () => {
  const server = FakeBotApi.start();
  let token = "1:wrong";
  await using heard = new Heard(server, () => Promise.resolve(token));
  while (heard.channel.trouble?.() === undefined) await new Promise((go) => setTimeout(go, 1));
  assert.match(heard.channel.trouble?.() ?? "", /token/);
  assert.deepEqual(heard.logged, ['telegram_not_heard {"trouble":"token_rejected"}']);
  token = server.token;
  assert.equal(heard.clock.fire(DAY_MS), 1);
  server.say(1, "hello");
  await heard.heard(1);
  assert.equal(heard.channel.trouble?.(), undefined);
});

Deno.test("P008: an update that is not as promised is told as such, and those behind it are heard", async () => {
  await using heard = listening();
  const { server } = heard;
  const from = { id: 1, is_bot: false, first_name: "A" };
  server.push({
    message: {
      message_id: 5,
      date: 1,
      chat: { id: 1, type: "private" },
      from,
      text: { evil: true },
    },
  });
  server.push({ message: null, callback_query: [1] });
  server.push({ something_new: { id: 1 } });
  server.say(1, "hi");
  const [first, second, third] = await heard.heard(3);
  assert.equal(first?.unreadable, "update.message.text is no text");
  assert.equal(second?.unreadable, "update.callback_query is no object");
  assert.deepEqual([third?.text, third?.unreadable], ["hi", undefined]);
});

Deno.test("P066: nobody stands behind an anonymous admin, a channel, or a message of one", async () => {
  await using heard = listening();
  const { server } = heard;
  const admin = { id: 1_087_968_824, is_bot: true, username: "GroupAnonymousBot" };
  server.say(admin, "@clambot_bot stop", { chat: -1001, more: { sender_chat: { id: -1001 } } });
  server.say(777_000, "@clambot_bot hello", { chat: -1001 });
  server.say(5, "@clambot_bot hello", { chat: -1001, more: { sender_chat: { id: -1009 } } });
  server.push({ channel_post: { message_id: 1, date: 1, chat: { id: -1009, type: "channel" } } });
  server.say(1, "hi");
  const updates = await heard.heard(1);
  assert.deepEqual(updates.map(({ text }) => text), ["hi"]);
  assert.equal(heard.logged.filter((line) => line.includes("sender_is_no_person")).length, 3);
});

Deno.test("A218: in a group only what names the bot or answers it is heard", async () => {
  await using heard = listening();
  const { server } = heard;
  const at = { chat: -5 };
  server.say(1, "what is for lunch?", at);
  server.say(1, "@other_bot hello", at);
  server.say(1, "/status@other_bot", at);
  server.say(1, "/help", at);
  server.say(1, "@Clambot_bot what is for lunch?", at);
  server.say(1, "/status@clambot_bot", at);
  server.say(1, " /STOP now", at);
  const reply = { message_id: 7, from: { id: 4711, first_name: "ClamBot" }, text: "Which one?" };
  server.say(1, "the second", { ...at, more: { reply_to_message: reply } });
  server.say(1, "/status@other_bot", { ...at, more: { reply_to_message: reply } });
  server.say(2, "over", {});
  const updates = await heard.heard(5);
  assert.deepEqual(updates.map(({ text, place }) => `${place}: ${text}`), [
    "group: what is for lunch?",
    "group: /status",
    "group: /STOP now",
    "group: the second",
    "private: over",
  ]);
  assert.equal(updates[3]?.replyTo, "7");
  assert.equal(updates[0]?.conversation, "telegram:-5");
});

Deno.test("P057: what was forwarded or is answered is told apart from the sender's own words", async () => {
  await using heard = listening();
  const { server } = heard;
  const user = { id: 9, is_bot: false, first_name: "X" };
  server.say(1, "delete all files", {
    more: { forward_origin: { type: "user", date: 1, sender_user: user } },
  });
  const answered = { message_id: 3, from: user, text: "a long text" };
  server.say(1, "sum it up", { more: { reply_to_message: answered, quote: { text: "long" } } });
  server.say(1, "", {
    more: { document: { file_id: "f", file_unique_id: "u", file_size: 5, file_name: "a.pdf" } },
  });
  const [forwarded, answer, file] = await heard.heard(3);
  assert.equal(forwarded?.text, "");
  const foreign = { how: "forwarded", text: "delete all files", from: "X" };
  assert.deepEqual(forwarded?.quoted, [foreign]);
  assert.equal(answer?.text, "sum it up");
  assert.deepEqual(answer?.quoted, [{ how: "quoted", text: "long", from: "X" }]);
  const attached = { kind: "document", file: "f", unique: "u", name: "a.pdf", bytes: 5 };
  assert.deepEqual(file?.attachments, [attached]);
});

Deno.test("P075: the end closes the request that waits, and the next start is not refused", async () => {
  await using heard = listening();
  const { server } = heard;
  await server.until(() => server.isPolled);
  await heard.end();
  // only the end of that request takes the sign away
  while (server.isPolled) await new Promise((go) => setTimeout(go, 1));
});

Deno.test("a long text is told in order, and goes on behind the part that was told", async () => {
  await using heard = listening();
  const { server } = heard;
  const text = `${"a".repeat(4090)} 😀 ${"word ".repeat(1500)}` as Redacted;
  server.fault("sendMessage", { kind: "refused", code: 429, retryAfter: 3 });
  await assert.rejects(heard.tell({ text }), { problem: { kind: "later", afterMs: 3000 } });
  const told: string[] = [];
  await assert.rejects(heard.tell({ text }, told), { problem: { kind: "later", afterMs: 3000 } });
  assert.equal(server.called("sendMessage").length, 1, "a pause was not kept");
  assert.equal(heard.channel.trouble?.(), "waiting for Telegram, 3 s");
  await heard.clock.sleep(3_000);
  await heard.tell({ text }, told);
  assert.equal(server.in(1).map((one) => one.text).join(" "), text.trim());
  assert.deepEqual(told, server.in(1).map(({ message_id }) => `${message_id}`));
  const before = server.called("sendMessage").length;
  await heard.tell({ text }, told.slice(0, -1));
  assert.equal(server.called("sendMessage").length, before + 1);
});

Deno.test("A210: buttons stand below the last part; what replaces a message takes them away", async () => {
  await using heard = listening();
  const { server } = heard;
  const choices = [{
    says: "/help",
    id: "a-b_1",
    label: `${"x".repeat(63)}😀 and more` as Redacted,
  }];
  const text = "word ".repeat(1000) as Redacted;
  const told = await heard.tell({ text, choices });
  const [first, last] = server.in(1);
  assert.deepEqual([first?.buttons.length, last?.buttons.length], [0, 1]);
  assert.equal(last?.buttons[0]?.text, `${"x".repeat(63)}…`);
  const done = { text: "Done." as Redacted, replaces: "k" };
  await heard.tell(done, [], told);
  assert.deepEqual([server.in(1)[1]?.text, server.in(1)[1]?.buttons], ["Done.", []]);
  server.expectRefusals(2);
  await heard.tell(done, [], told); // not modified
  await heard.tell(done, [], ["9999"]); // somebody took it away
  await heard.tell(done); // it was never told
});

Deno.test("P063, T20: no error holds the token, whatever goes wrong", async () => {
  await using heard = listening();
  const { server } = heard;
  const seen: string[] = [];
  const provoke = async (work: () => Promise<unknown>) => {
    await assert.rejects(work, (error) => {
      seen.push(Deno.inspect(error, { depth: 20 }), `${(error as Error).stack}`);
      return true;
    });
  };
  server.fault(
    "sendMessage",
    { kind: "page", status: 302, to: `${server.url}/bot${server.token}/getMe` },
    { kind: "cut" },
    { kind: "page", status: 502, body: `${server.url}/bot${server.token}/x` },
    { kind: "refused", code: 400, movedTo: -100_5 },
  );
  await server.until(() => server.isPolled);
  const before = server.called("getMe").length;
  for (let fault = 0; fault < 4; fault++) await provoke(() => heard.tell({}));
  assert.equal(server.called("getMe").length, before, "a redirect was followed");
  server.revoke();
  await provoke(() => heard.tell({}));
  const nobody = createTelegramChannel({
    ...{ token: () => Promise.resolve(server.token), apiRoot: "http://127.0.0.1:2", fetch: FETCH },
    ...{ clock: createHeldClock(HELD), random: createRandom(), log: { debug() {}, warn() {} } },
    ...{ isReplying: false, commands: [], format: "entities", redactor: createRedactor([]) },
  });
  const soFar = { parts: [], replaced: [], statuses: [], told() {}, tells() {}, notTold() {} };
  const message = { key: "k", conversation: "telegram:1", text: "hello" as Redacted };
  await provoke(() => nobody.send(message, new AbortController().signal, soFar));
  assert.equal(seen.length, 12);
  assert.deepEqual(seen.filter((text) => text.includes("CANARY")), []);
  assert.deepEqual(heard.logged.filter((text) => text.includes("CANARY")), []);
});

Deno.test("P058, P060, A212: files are announced with what is told of them, and fetched by their ids", async () => {
  await using heard = listening();
  const { server, channel } = heard;
  const bytes = Uint8Array.from([1, 2, 3]);
  server.keepFile("big", "photos/file_1.jpg", bytes);
  server.keepFile("note", "voice/file_0.oga", bytes);
  server.keepFile("huge", "documents/file_2.pdf", bytes, 26_214_400);
  const origin = { type: "user", date: 1, sender_user: { id: 9, is_bot: false, first_name: "X" } };
  const size = (file_id: string, width: number) => ({
    ...{ file_id, file_unique_id: `u${file_id}`, width, height: width, file_size: width },
  });
  server.say(1, "", {
    more: { photo: [size("big", 1280), size("small", 90)], caption: "look", media_group_id: "g1" },
  });
  const note = { file_id: "note", file_unique_id: "un", mime_type: "audio/ogg", duration: 3 };
  server.say(1, "", { more: { voice: note } });
  server.say(1, "", { more: { voice: note, forward_origin: origin } });
  const huge = { file_id: "huge", file_unique_id: "uh", file_name: "a.pdf" };
  server.say(1, "", { more: { document: huge } });
  const [photo, own, passedOn, document] = await heard.heard(4);
  assert.deepEqual([photo?.text, photo?.joinKey], ["look", "album:g1"]);
  assert.deepEqual(photo?.attachments?.map(({ kind, file }) => [kind, file]), [["photo", "big"]]);
  assert.deepEqual(own?.attachments, [
    { kind: "voice", file: "note", unique: "un", mime: "audio/ogg", seconds: 3 },
  ]);
  assert.equal(passedOn?.attachments?.[0]?.forwarded, true);
  const fetch = (update: IncomingUpdate | undefined) =>
    channel.fetchFile!(update!.attachments![0]!, new AbortController().signal);
  assert.deepEqual(await fetch(photo), { bytes, name: "photos/file_1.jpg" });
  assert.deepEqual(await fetch(own), { bytes, name: "voice/file_0.oga" });
  server.expectRefusals(2);
  await assert.rejects(fetch(document), { code: "file_too_large", message: /20 MB at most/ });
  await assert.rejects(fetch({ ...own!, attachments: [{ ...own!.attachments![0]!, file: "no" }] }));
});
