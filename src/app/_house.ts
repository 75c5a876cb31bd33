import type { QuestionQueue } from "../approvals/question_queue.ts";
import type { Matcher } from "../clams/match.ts";
import type { Servers } from "../mcp/servers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Tool } from "../tools/tool.ts";
import type { Models } from "./models.ts";
import type { Setting, Stores } from "./stores.ts";

/** Everything that lives as long as the process, put together; turns are made with it. */
export interface House {
  readonly setting: Setting;
  readonly stores: Stores;
  readonly models: Models;
  readonly matcher: Matcher;
  readonly tools: readonly Tool[];
  readonly sandbox: Sandbox;
  readonly servers: Servers;
  /** The questions of a conversation. */
  questionsOf(conversation: string): QuestionQueue;
}
