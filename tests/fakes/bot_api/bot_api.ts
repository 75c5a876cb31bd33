import assert from "node:assert/strict";
import { Chats, type FakeMessage } from "./_chats.ts";
import { brokenResponse, type Fault, goneOf, pageOf } from "./_faults.ts";
import { type FakeFile, type FakeWorld, METHODS } from "./_methods.ts";
import { Payload } from "./_payload.ts";
import { Refusal } from "./_refusal.ts";
import { type FakeUpdate, Updates } from "./_updates.ts";

export type { FakeMessage, Fault };

/** A request as it came. */
export interface FakeRequest {
  readonly method: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Somebody who writes to the bot. */
export interface FakePerson {
  readonly id: number;
  readonly first_name?: string;
  readonly username?: string;
  readonly is_bot?: boolean;
}

/** What somebody sends, beside who and where. */
export interface FakeSaying {
  /** The person's own chat, when left out. */
  readonly chat?: number;
  /** Further fields of the message, such as `photo` or `forward_origin`. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Seconds since 1970; now, when left out. */
  readonly date?: number;
}

/**
 * A server of the Bot API on loopback, as strict as Telegram's: what that would refuse is refused
 * here, and a test that did not provoke it fails when the server is closed.
 */
export class FakeBotApi implements AsyncDisposable {
  readonly bot = { id: 4711, username: "clambot_bot" };
  readonly chats = new Chats();
  readonly requests: FakeRequest[] = [];
  /** What was refused without a fault that a test made. */
  readonly refusals: string[] = [];
  readonly #updates = new Updates(() => this.#look());
  readonly #files = new Map<string, FakeFile>();
  readonly #presses = new Set<string>();
  readonly #faults = new Map<string, Fault[]>();
  readonly #world: FakeWorld;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #waiting: (() => void)[] = [];
  #nextUpdate = 500;
  #expected = 0;
  #isTokenGood = true;

  private constructor(readonly token: string) {
    const [bot, chats, updates, files] = [this.bot, this.chats, this.#updates, this.#files];
    this.#world = { bot, chats, updates, files, presses: this.#presses, commands: [] };
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#answer(request),
    );
  }

  static start({ token = "4711:CANARYTOKEN-abcdefghijklmnopqrstu" } = {}): FakeBotApi {
    return new FakeBotApi(token);
  }

  /** What stands in `channels.telegram.apiRoot`. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The next calls of a method go wrong like this, in order. */
  fault(method: string, ...faults: readonly Fault[]): void {
    this.#faults.set(method, [...this.#faults.get(method) ?? [], ...faults]);
  }

  /** The token is none any more. */
  revoke(): void {
    this.#isTokenGood = false;
  }

  /** So many refusals are what the test wants to see. */
  expectRefusals(count: number): void {
    this.#expected = count;
  }

  /** Somebody writes. @returns the number of their message */
  say(from: FakePerson | number, text: string, { chat, more = {}, date }: FakeSaying = {}): number {
    const person = typeof from === "number" ? { id: from } : from;
    const place = chat ?? person.id;
    const message_id = this.chats.noteSaid(place);
    this.push({
      message: {
        message_id,
        date: date ?? Math.floor(Date.now() / 1000),
        from: { is_bot: false, first_name: `Person ${person.id}`, ...person },
        chat: chatOf(place),
        ...(text === "" ? {} : { text, entities: entitiesOf(text) }),
        ...more,
      },
    });
    return message_id;
  }

  /** Somebody presses the button with this label, or with this in it. */
  press(
    from: number,
    { message_id, chat, buttons }: FakeMessage,
    label: string | RegExp,
    { data, person = {} }: { readonly data?: string; readonly person?: object } = {},
  ): string {
    const button = buttons.find(({ text }) =>
      typeof label === "string" ? text === label : label.test(text)
    );
    assert.ok(button || data !== undefined, `no button ${label}: ${JSON.stringify(buttons)}`);
    const id = `press-${this.#nextUpdate}`;
    this.#presses.add(id);
    this.push({
      callback_query: {
        id,
        from: { id: from, is_bot: false, first_name: `Person ${from}`, ...person },
        message: { message_id, date: 1, chat: chatOf(chat), text: "…" },
        chat_instance: "1",
        data: data ?? button?.data,
      },
    });
    return id;
  }

  /** An update as it is. @returns its number */
  push(update: Readonly<Record<string, unknown>>, update_id = this.#nextUpdate++): number {
    this.#updates.add({ ...update, update_id });
    return update_id;
  }

  /** The same updates once more, as after a confirmation that was lost. */
  again(...updates: readonly FakeUpdate[]): void {
    this.#updates.add(...updates);
  }

  /** A file that can be fetched by its id. */
  keepFile(id: string, path: string, bytes: Uint8Array, size = bytes.length): void {
    this.#files.set(id, { path, bytes, size });
  }

  get unconfirmed(): readonly number[] {
    return this.#updates.unconfirmed;
  }

  get isPolled(): boolean {
    return this.#updates.isPolled;
  }

  get commands(): readonly unknown[] {
    return this.#world.commands;
  }

  /** What the bot wrote in a chat, as it stands there now. */
  in(chat: number): readonly FakeMessage[] {
    return this.chats.of(chat);
  }

  called(method: string): readonly FakeRequest[] {
    return this.requests.filter((one) => one.method === method);
  }

  /** Waits until something is so; it is looked at again after every request. */
  async until<T>(find: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The next message of a chat behind the first `seen`, when it is there. */
  next(chat: number, seen: number): Promise<FakeMessage> {
    return this.until(() => this.in(chat)[seen]);
  }

  /** The same, once it is no sign of a turn that is under way. */
  answer(chat: number, seen: number): Promise<FakeMessage> {
    return this.until(() => this.in(chat).slice(seen).find(({ text }) => !text.startsWith("⏳")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    assert.equal(this.refusals.length, this.#expected, this.refusals.join("\n"));
  }

  async #answer(request: Request): Promise<Response> {
    try {
      const { pathname } = new URL(request.url);
      const [, , file] = /^\/file\/bot([^/]+)\/(.+)$/.exec(pathname) ?? [];
      if (file !== undefined) return this.#download(decodeURIComponent(file));
      const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(pathname) ?? [];
      if (token !== this.token || !this.#isTokenGood) {
        return refused(new Refusal(401, "Unauthorized"));
      }
      return await this.#call(method, request);
    } finally {
      this.#look();
    }
  }

  async #call(method: string, request: Request): Promise<Response> {
    const payload = await Payload.of(request);
    this.requests.push({ method, fields: payload.fields });
    this.#look();
    const fault = this.#faults.get(method)?.shift();
    switch (fault?.kind) {
      case "page":
        return pageOf(fault);
      case "refused":
        return refusedBy(fault);
      case "cut":
        return brokenResponse();
      case "applied_unanswered":
        await this.#do(method, payload, request.signal);
        return brokenResponse();
      case "hang":
        if (fault.isApplied) await this.#do(method, payload, request.signal);
        this.#look();
        await goneOf(request);
        return brokenResponse();
      case undefined:
        return await this.#do(method, payload, request.signal);
    }
  }

  async #do(method: string, payload: Payload, gone: AbortSignal): Promise<Response> {
    try {
      const found = METHODS[method];
      if (!found) throw new Refusal(404, "Not Found");
      return Response.json({ ok: true, result: await found(payload, this.#world, gone) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const isRuled = error.code === 400 && !error.parameters;
      if (isRuled) this.refusals.push(`${method}: ${error.description}`);
      return refused(error);
    }
  }

  #download(path: string): Response {
    const file = [...this.#files.values()].find((one) => one.path === path);
    this.requests.push({ method: "file", fields: { path } });
    return file
      ? new Response(file.bytes as Uint8Array<ArrayBuffer>)
      : new Response("Not Found", { status: 404 });
  }

  #look(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function refused({ code, description, parameters }: Refusal): Response {
  const answer = { ok: false, error_code: code, description };
  return Response.json({ ...answer, ...(parameters ? { parameters } : {}) }, { status: code });
}

function refusedBy(
  { code, description = "a fault of the test", retryAfter, movedTo }: Extract<
    Fault,
    { kind: "refused" }
  >,
): Response {
  const parameters = {
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(movedTo === undefined ? {} : { migrate_to_chat_id: movedTo }),
  };
  return refused(new Refusal(code, description, parameters));
}

function chatOf(id: number): object {
  return id > 0 ? { id, type: "private" } : { id, type: "supergroup", title: "A group" };
}

/** Marks that Telegram makes by itself. */
function entitiesOf(text: string): object[] {
  return [...text.matchAll(/@\w+|\/\w+(?:@\w+)?/g)].map(({ 0: word, index }) => ({
    type: word.startsWith("@") ? "mention" : "bot_command",
    offset: index,
    length: word.length,
  }));
}
